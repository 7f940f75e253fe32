// One line of the sandbox's ledger (UTF-8 JSON, keys in this order, no spaces, one newline at the end):
//
//   {"seq":17,"ts":"2026-01-02T03:04:05.000006Z","op":"capture","key":"ord_…/1","order_id":"ord_…","attempt":1,
//    "amount":5000,"currency":"USD","reference":"ch_000000000017"}
//
// op is capture, void, refund or decline. The reference is the op's two letters (ch, vo, re, de) and the seq in at
// least twelve digits, so it needs no randomness and is read off the line's number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "workers/sandbox/protocol.hpp"

namespace circuit::sandbox {

enum class LedgerOp : std::uint8_t { none = 0, capture = 1, void_charge = 2, refund = 3, decline = 4 };

inline constexpr std::size_t ledger_line_bytes_max = 384;

struct LedgerLine {
  std::uint64_t seq = 0;  // contiguous from 1
  std::int64_t ts = 0;    // µs since the epoch
  LedgerOp op = LedgerOp::none;
  ChargeKey key;
  std::int64_t amount = 0;
  std::array<char, 3> currency{};  // three capital letters

  [[nodiscard]] std::string_view currency_text() const { return {currency.data(), currency.size()}; }
  bool operator==(const LedgerLine&) const = default;
};

// "ch_000000000017", without allocating.
class Reference {
 public:
  Reference(LedgerOp op, std::uint64_t seq);
  [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }

 private:
  std::array<char, 24> text_{};
  std::size_t size_ = 0;
};

// Appends the line with its newline.
void write_ledger_line(std::string& out, const LedgerLine& line);

// The line, without its newline; nothing unless it is byte for byte what write_ledger_line writes.
[[nodiscard]] std::optional<LedgerLine> parse_ledger_line(std::string_view text);

}  // namespace circuit::sandbox
