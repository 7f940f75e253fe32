#include "workers/fulfillment/analysis/reading/truth.hpp"

#include <utility>

#include "workers/fulfillment/analysis/reading/cell_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::pair<std::string_view, std::string_view> questions[] = {{"true", "false"}, {"yes", "no"}, {"y", "n"},
                                                                       {"t", "f"},        {"on", "off"}, {"1", "0"}};

}  // namespace

std::optional<std::string_view> yes_of(std::string_view first, std::string_view second) {
  for (const auto& [yes, no] : questions) {
    if (equals_ignoring_case(first, yes) && equals_ignoring_case(second, no)) return first;
    if (equals_ignoring_case(first, no) && equals_ignoring_case(second, yes)) return second;
  }
  return std::nullopt;
}

bool is_truth(std::string_view cell) {
  return equals_ignoring_case(cell, "true") || equals_ignoring_case(cell, "false") ||
         equals_ignoring_case(cell, "yes") || equals_ignoring_case(cell, "no");
}

}  // namespace circuit::analysis
