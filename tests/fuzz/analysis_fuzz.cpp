// Any bytes go through the whole analysis, and whatever comes out must keep what the headers promise. Run by libFuzzer
// (scripts/fuzz), and by run_corpus.cpp as a test over what was found before.
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string_view>
#include <variant>

#include "tests/fuzz/promises.hpp"
#include "workers/fulfillment/analysis/analysis.hpp"

using namespace circuit;

namespace {

// Small enough for an input of some kilobytes to meet every one of them.
constexpr analysis::Limits tight = {.input_bytes_max = 64 << 10,
                                    .expanded_bytes_max = 256 << 10,
                                    .record_bytes_max = 2000,
                                    .columns_max = 6,
                                    .kept_cells_max = 300,
                                    .distinct_max = 8,
                                    .distinct_bytes_max = 500};
constexpr analysis::Limits wide = {.input_bytes_max = 1 << 20, .expanded_bytes_max = 1 << 20};

// The files of a report, one behind the other, or the code of the failure.
std::string examined(std::string_view input, const analysis::Limits& limits) {
  analysis::MemorySource source(input);
  const auto outcome = analysis::examine(source, limits);
  if (const auto* failure = std::get_if<analysis::Failure>(&outcome)) {
    fuzz::check_failure(*failure);
    return failure->code + failure->message;
  }
  const auto& analysis = std::get<analysis::Analysis>(outcome);
  fuzz::check_analysis(analysis);
  const analysis::Report report = analysis::write_report(analysis);
  fuzz::check_report(report, analysis);
  std::string all;
  for (const analysis::File& file : report.files) all += file.content;
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const analysis::Limits& limits : {wide, tight})
    fuzz::require(examined(input, limits) == examined(input, limits), "the same input gives the same bytes");
  return 0;
}
