// Writes reports for the browser to open:  write_samples DIRECTORY [FILE.csv…]
//
// Always full/, in which every section has something to show, and wide/, a thousand columns of text that does harm
// where it is not escaped; then one for each CSV file, named for it.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tests/unit/analysis/full_analysis.hpp"
#include "workers/fulfillment/analysis/analysis.hpp"

namespace {

using namespace circuit::analysis;
namespace fs = std::filesystem;

void write(const fs::path& folder, const std::vector<File>& files) {
  fs::create_directories(folder);
  for (const File& file : files) std::ofstream(folder / file.name, std::ios::binary) << file.content;
}

bool analyze_file(const fs::path& folder, const fs::path& csv) {
  std::ifstream file(csv, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto outcome = analyze(text);
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    std::cerr << csv << ": " << failure->message << "\n";
    return false;
  }
  write(folder / csv.stem(), std::get<Report>(outcome).files);
  return true;
}

}  // namespace

int main(int count, char** parameters) {
  if (count < 2) return 64;
  const fs::path folder = parameters[1];
  write(folder / "full", write_report(full_analysis()).files);
  write(folder / "wide", write_report(hostile_analysis(1000)).files);
  bool is_well = true;
  for (int i = 2; i < count; ++i) is_well = analyze_file(folder, parameters[i]) && is_well;
  return is_well ? 0 : 1;
}
