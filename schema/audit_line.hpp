// A line of the audit log (DESIGN §3.4): one event as JSON on one line, chained to the line before it. A public format:
// an outsider checks it with a JSON parser and SHA-256.
//
//   {"seq":17,"ts":"2026-01-02T03:04:05.000006Z","event_type":"order_created","order_id":"ord_…","status":"pending_payment",
//    "version":1,"data":{…},"prev":"<64 hex digits>"}
//
// on one line, without white space. `data` holds the fields that for_each_field names for the type of event, in its
// order. `prev` is the SHA-256 of the line before, without its newline; 64 zeros for seq 1.
//
// Invariants: one event and one `prev` have one line, so a line that is written again has the same bytes; a line is
// UTF-8 without control characters and at most audit_line_bytes_max long.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/crypto.hpp"
#include "schema/event.hpp"

namespace circuit::schema {

// Without the newline. A C2SP bundle gives an entry's length in 16 bits.
inline constexpr std::size_t audit_line_bytes_max = 65'535;

inline constexpr std::size_t hash_hex_bytes = 64;
using HashHex = std::array<char, hash_hex_bytes>;
[[nodiscard]] HashHex hash_hex(const Hash32& hash) noexcept;

// Appends the event's line and its newline to `out`. `prev` is the hash of the line before (all zero before the first
// line) and then that of this line. A text that is not UTF-8 keeps its ASCII and has U+FFFD for each other byte. Throws
// std::length_error when the line would be too long and std::out_of_range when `ts` has no RFC 3339 text; `out` and
// `prev` are then as they were.
void append_audit_line(std::string& out, const Event& event, Hash32& prev);

struct AuditLineFrame {
  std::uint64_t seq = 0;
  std::string_view prev;  // 64 lower-case hex digits, a view into the line
};

// The frame of a line (without its newline): everything but the inside of `data` is checked exactly, and that it has no
// control characters. Nothing when append_audit_line can't have written it.
[[nodiscard]] std::optional<AuditLineFrame> parse_audit_line(std::string_view line) noexcept;

// The file name of a segment: its number in twelve digits and ".jsonl". Numbers count from 1.
[[nodiscard]] std::string audit_segment_name(std::uint64_t number);
// Nothing for any other name.
[[nodiscard]] std::optional<std::uint64_t> parse_audit_segment_name(std::string_view name) noexcept;

}  // namespace circuit::schema
