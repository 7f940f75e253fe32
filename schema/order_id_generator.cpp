#include "schema/order_id_generator.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace circuit::schema {
namespace {

constexpr std::int64_t ms_max = (std::int64_t{1} << 48) - 1;
constexpr std::uint16_t counter_max = 0x0fff;

std::uint16_t counter_of(const Uuid& uuid) noexcept {
  return static_cast<std::uint16_t>((uuid.bytes[6] & 0x0f) << 8 | uuid.bytes[7]);
}

Uuid compose(std::int64_t ms, std::uint16_t counter, std::uint64_t random_bits) noexcept {
  std::uint64_t high = static_cast<std::uint64_t>(ms) << 16 | 0x7000 | counter;
  std::uint64_t low = std::uint64_t{1} << 63 | (random_bits & ~std::uint64_t{0} >> 2);
  Uuid uuid;
  for (std::size_t i = 8; i-- > 0; high >>= 8) uuid.bytes[i] = static_cast<std::uint8_t>(high);
  for (std::size_t i = 16; i-- > 8; low >>= 8) uuid.bytes[i] = static_cast<std::uint8_t>(low);
  return uuid;
}

}  // namespace

OrderIdGenerator::OrderIdGenerator(Uuid last_issued)
    : last_ms_(uuid_time_ms(last_issued)), last_counter_(counter_of(last_issued)) {
  // Another version's bits 48 to 51 may be above 7, and then no id of that millisecond is greater.
  if (last_issued != nil_uuid && last_issued.bytes[6] >> 4 != 7) {
    throw std::invalid_argument("the last issued order id is not a version 7 identifier");
  }
}

Uuid OrderIdGenerator::next(std::int64_t now_us, std::uint64_t random_bits) {
  const std::int64_t now_ms = std::clamp<std::int64_t>(now_us / 1000, 0, ms_max);
  if (now_ms > last_ms_) {
    last_ms_ = now_ms;
    last_counter_ = 0;
  } else if (last_counter_ < counter_max) {
    ++last_counter_;
  } else if (last_ms_ < ms_max) {
    ++last_ms_;
    last_counter_ = 0;
  } else {
    throw std::overflow_error("no order id is left: 48 bits of milliseconds are spent");
  }
  return compose(last_ms_, last_counter_, random_bits);
}

}  // namespace circuit::schema
