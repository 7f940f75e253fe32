#include "ops/cli/analyze_run.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <variant>
#include <vector>

#include "broker/daemon/files.hpp"
#include "ops/cli/failure.hpp"

namespace circuit::cli {
namespace {

// What comes through a pipe is kept in memory, because the engine looks at its input twice. A file is read as it is
// needed, so that its size hardly matters.
constexpr std::size_t piped_bytes_max = std::size_t{4} << 30;
constexpr std::size_t file_bytes_max = std::size_t{1} << 40;

bool is_standard_input(const std::string& file) { return file == "-"; }

// At most one byte beyond the limit, which the engine then refuses in its own words.
std::string piped_input(const std::string& file) {
  const daemon::FileDescriptor input =
      is_standard_input(file) ? daemon::FileDescriptor(::dup(STDIN_FILENO)) : daemon::open_file(file, O_RDONLY);
  std::string content;
  while (content.size() <= piped_bytes_max) {
    constexpr std::size_t step_bytes = 1 << 20;
    const std::size_t size = content.size();
    content.resize(size + std::min(step_bytes, piped_bytes_max + 1 - size));
    const ssize_t got = ::read(input.get(), content.data() + size, content.size() - size);
    if (got < 0) daemon::throw_errno(file, "cannot read");
    content.resize(size + static_cast<std::size_t>(got));
    if (got == 0) break;
  }
  return content;
}

std::int64_t processor_us() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1'000;
}

AnalyzeRun run_once(const std::string& file, analysis::Source& source, std::size_t bytes_max) {
  AnalyzeRun run;
  const std::int64_t began_us = processor_us();
  const auto outcome = analysis::examine(source, {.input_bytes_max = bytes_max, .expanded_bytes_max = bytes_max});
  if (const auto* failure = std::get_if<analysis::Failure>(&outcome))
    throw Failure(ExitCode::no, fmt::format("{}: refused ({}): {}", file, failure->code, failure->message));
  const auto& analysis = std::get<analysis::Analysis>(outcome);
  run.examining_us = processor_us() - began_us;
  run.report = analysis::write_report(analysis);
  run.writing_us = processor_us() - began_us - run.examining_us;
  run.bytes = std::max(analysis.file.bytes, analysis.file.expanded_bytes);
  run.rows = analysis.file.rows;
  return run;
}

}  // namespace

AnalyzeRun run_analysis(const std::string& file, int times) {
  const bool is_file = !is_standard_input(file) && std::filesystem::is_regular_file(file);
  const std::string input = is_file ? std::string() : piped_input(file);
  std::vector<AnalyzeRun> runs;
  for (int i = 0; i < times; ++i) {
    if (is_file) {
      analysis::FileSource source(file);
      runs.push_back(run_once(file, source, file_bytes_max));
    } else {
      analysis::MemorySource source(input);
      runs.push_back(run_once(file, source, piped_bytes_max));
    }
  }
  const auto median = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
  std::ranges::nth_element(runs, median, {}, [](const AnalyzeRun& run) { return run.examining_us + run.writing_us; });
  return std::move(*median);
}

}  // namespace circuit::cli
