#include "ops/cli/samples.hpp"

#include <array>
#include <cstdlib>
#include <string>

#include "ops/cli/failure.hpp"
#include "ops/cli/process.hpp"

namespace circuit::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array names = {"seattle-weather.csv", "us-employment.csv", "birdstrikes.csv"};

bool holds_all(const fs::path& directory) {
  for (const char* name : names)
    if (!fs::is_regular_file(directory / name)) return false;
  return true;
}

}  // namespace

std::optional<fs::path> source_directory() {
  const char* given = std::getenv("CIRCUIT_SOURCE_DIR");
  // build/release/bin
  const fs::path source = given ? fs::path(given) : programs_directory().parent_path().parent_path().parent_path();
  if (fs::exists(source / "scripts" / "circuit")) return source;
  return std::nullopt;
}

std::vector<fs::path> sample_files() {
  std::vector<fs::path> candidates = {programs_directory().parent_path() / "share" / "circuit" / "samples"};
  if (const auto source = source_directory()) candidates.insert(candidates.begin(), *source / "tests" / "data");
  std::string looked;
  for (const fs::path& directory : candidates) {
    looked += (looked.empty() ? "" : " and ") + directory.string();
    if (!holds_all(directory)) continue;
    std::vector<fs::path> files;
    for (const char* name : names) files.push_back(directory / name);
    return files;
  }
  throw Failure(ExitCode::io, "the data sets of the demo are not in " + looked,
                "run scripts/circuit in a clone, or set CIRCUIT_SOURCE_DIR to one");
}

}  // namespace circuit::cli
