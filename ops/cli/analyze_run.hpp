// One file, or standard input, through the analysis engine; and how long that took.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "workers/fulfillment/analysis/analysis.hpp"

namespace circuit::cli {

// Times are the processor's, for this process: what else the machine does hardly shows in them. The engine uses one
// thread, so on an idle machine they are the time that passes.
struct AnalyzeRun {
  analysis::Report report;
  std::size_t bytes = 0;  // of text, after decompression
  std::size_t rows = 0;
  std::int64_t examining_us = 0;  // reading, statistics and findings
  std::int64_t writing_us = 0;    // the report's files, in memory
};

// `file` is a path, or "-" for standard input. Runs `times` times (at least once) and gives the run whose time is the
// median: the first one also warms what a worker keeps warm. Throws Failure (no) with the engine's sentence when the
// input cannot be analyzed, std::system_error when it cannot be read.
[[nodiscard]] AnalyzeRun run_analysis(const std::string& file, int times);

}  // namespace circuit::cli
