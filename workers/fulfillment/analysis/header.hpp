// The first record of a file: does it name the columns, and which names do they get.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace circuit::analysis {

using Records = std::vector<std::vector<std::string_view>>;

// Names are text above data. A first record that holds a number, a date or a truth value is data, unless its numbers
// are a run of years ("country, 2019, 2020, 2021"). If every column is text, a first record counts as a
// header as long as none of its values comes again below. `records` must not be empty.
[[nodiscard]] bool is_header(const Records& records);

// One name per column, each different from all others: an empty name becomes column_3, a second "price" price_2.
// `header` may be shorter than `columns`, or empty.
[[nodiscard]] std::vector<std::string> unique_names(std::span<const std::string_view> header, std::size_t columns);

}  // namespace circuit::analysis
