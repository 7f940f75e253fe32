// A customer's text inside HTML. Nothing that came from the input may reach a page in any other way.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// How much of a customer's text is shown in one place of a page, in code points: a name in a table and as a heading,
// a value, a sentence that holds names and values.
inline constexpr std::size_t short_name_max = 40;
inline constexpr std::size_t name_max = 100;
inline constexpr std::size_t value_max = 80;
inline constexpr std::size_t sentence_max = 600;

// Safe between tags and inside double-quoted attributes: clipped, unsafe code points replaced, and & < > " ' written as
// entities. `text` must be valid UTF-8.
[[nodiscard]] std::string html_text(std::string_view text, std::size_t code_points_max = sentence_max);

// A column's name, safe, and kept from turning the direction of the text around it.
[[nodiscard]] std::string html_name(const ColumnSummary& column, std::size_t code_points_max = short_name_max);

// A sentence with numbers, safe, with true minus signs.
[[nodiscard]] std::string html_sentence(std::string_view text, std::size_t code_points_max = sentence_max);

// Like readable_text and value_text, with a true minus sign; safe.
[[nodiscard]] std::string html_number(double value);
[[nodiscard]] std::string html_number(const ColumnSummary& column, double value);

// A p-value in a cell of its own; safe.
[[nodiscard]] std::string html_p(double p);

// Any of our own texts that holds a number: hyphens before digits become minus signs.
[[nodiscard]] std::string with_minus_signs(std::string text);

// Appends to a page. `parts` must be safe.
template <class... Parts>
void put(std::string& out, fmt::format_string<Parts...> format, Parts&&... parts) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Parts>(parts)...);
}

}  // namespace circuit::analysis
