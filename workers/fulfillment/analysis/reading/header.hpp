// The first record of a file: does it name the columns, and which names do they get.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace circuit::analysis {

using Records = std::vector<std::vector<std::string_view>>;

// Names are text above data. A first record that holds a number, a date or a truth value is data, unless those are
// years in equal steps ("country, 2019, 2020, 2021"), or dates above numbers ("region, Jan 2020, Feb 2020"). If every
// column is text, a first record counts as a header as long as none of its values comes again below. `records` must not
// be empty; of many, the first hundred are looked at.
struct HeaderGuess {
  bool has_header = true;
  double confidence = 1;  // 0 to 1
};
[[nodiscard]] HeaderGuess guess_header(const Records& records);

// Whether a trimmed cell says a number, a code of digits, a date or a truth value.
[[nodiscard]] bool is_data(std::string_view cell);

// One name per column, each different from all others: an empty name becomes column_3, a second "price" price_2.
// `header` may be shorter than `columns`, or empty.
[[nodiscard]] std::vector<std::string> unique_names(std::span<const std::string_view> header, std::size_t columns);

}  // namespace circuit::analysis
