// A cell as text: without the spaces around it, and whether it says that there is no value.
#pragma once

#include <string_view>

namespace circuit::analysis {

// Without spaces and tabs around it.
[[nodiscard]] inline std::string_view trimmed(std::string_view cell) {
  while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) cell.remove_prefix(1);
  while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) cell.remove_suffix(1);
  return cell;
}

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `lower` must be in lower case; only ASCII letters are folded.
[[nodiscard]] bool equals_ignoring_case(std::string_view text, std::string_view lower);

// What stands for "no value" in any column. "None" and "unknown" are not among them: in real data they name a category
// (no damage, no allergy).
inline constexpr std::string_view missing_words[] = {"",     "-",    "--",     ".",    "?",   "NA",  "N/A",
                                                     "n/a",  "#N/A", "#NA",    "<NA>", "NaN", "nan", "NULL",
                                                     "Null", "null", "(null)", "nil",  "\\N", "—",   "–"};
// Further words, in any case, that can only mean the same where numbers or dates stand. The last ones are a
// spreadsheet's errors.
inline constexpr std::string_view missing_words_among_values[] = {
    "none",           "na",  "n.a.",    "n. a.",   "missing", "unknown", "not available",
    "not applicable", "tbd", "#value!", "#div/0!", "#ref!",   "#num!",   "#name?"};

// Both expect a trimmed cell.
[[nodiscard]] bool is_missing(std::string_view cell);
[[nodiscard]] bool is_missing_among_values(std::string_view cell);

}  // namespace circuit::analysis
