// Numbers and moments as text, the same in every locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace circuit::analysis {

// The shortest text that reads back as the same double; whole numbers up to 2^53 without an exponent. `value` must be
// finite.
[[nodiscard]] std::string exact_text(double value);

// For people: six significant digits, whole numbers in full, thousands separated by commas. `value` must be finite.
[[nodiscard]] std::string readable_text(double value);
[[nodiscard]] std::string readable_text(std::size_t value);

// 41.5%; never "0%" or "100%" for a share that is not.
[[nodiscard]] std::string percent_text(std::size_t part, std::size_t whole);

// 63%, 4.2%, <0.1%; never 0% or 100% for a share that is not.
[[nodiscard]] std::string share_text(double share);

// 3 rows, 1 row. `noun` takes a plural s.
[[nodiscard]] std::string counted(std::size_t count, const char* noun);

// RFC 3339: YYYY-MM-DD, with THH:MM:SS[.ffffff]Z behind it unless `is_day`.
[[nodiscard]] std::string moment_text(std::int64_t us_since_1970, bool is_day);

}  // namespace circuit::analysis
