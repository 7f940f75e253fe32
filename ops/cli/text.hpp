// Values as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ops/cli/json.hpp"

namespace circuit::cli {

// "50.00 USD".
[[nodiscard]] std::string money_text(std::int64_t amount_minor, std::string_view currency);
// The same of a reply's `amount` and `currency`.
[[nodiscard]] std::string money_text(const Json& json);

// "850 µs", "12.3 ms", "1.24 s", "3 min 20 s", "2 h 5 min", "3 d 4 h".
[[nodiscard]] std::string duration_text(std::int64_t duration_us);

// "2026-01-02T03:04:05.000006Z (3 min 20 s ago)", or "(in …)"; "-" for 0.
[[nodiscard]] std::string moment_text(std::int64_t time_us, std::int64_t now_us);

// "12.5 %".
[[nodiscard]] std::string percent_text(double part_of_one);

// "512 B", "1.2 MB".
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

// µs since the epoch.
[[nodiscard]] std::int64_t now_us();

// A member of a reply; 0 or "" when it is null or missing.
[[nodiscard]] std::int64_t integer_of(const Json& json, const char* key);
[[nodiscard]] std::string string_of(const Json& json, const char* key);

}  // namespace circuit::cli
