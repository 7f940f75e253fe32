// Time as text: RFC 3339 in UTC with microseconds, "2026-01-02T03:04:05.000006Z".
//
// Invariants: always 27 characters, so texts sort as times do; years 0000 to 9999 of the proleptic
// Gregorian calendar; one time has one text. Leap seconds do not exist, as in POSIX time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace circuit::schema {

inline constexpr std::size_t time_text_bytes = 27;
inline constexpr std::int64_t time_text_us_min = -62'167'219'200'000'000;  // 0000-01-01T00:00:00.000000Z
inline constexpr std::int64_t time_text_us_max = 253'402'300'799'999'999;  // 9999-12-31T23:59:59.999999Z

// Writes 27 characters for microseconds since the epoch, without a terminating zero. Does not
// allocate. Throws std::out_of_range outside time_text_us_min..time_text_us_max.
void write_time_text(std::int64_t time_us, std::span<char, time_text_bytes> out);

// The same as a string.
[[nodiscard]] std::string time_text(std::int64_t time_us);

// Microseconds since the epoch; nothing unless `text` is exactly what time_text writes for them
// (no offset other than "Z", no other number of digits, no date that the calendar lacks).
[[nodiscard]] std::optional<std::int64_t> parse_time_text(std::string_view text) noexcept;

}  // namespace circuit::schema
