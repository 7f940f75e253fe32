#include "schema/totals.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace circuit::schema {
namespace {

constexpr unsigned sub_bits = 3;  // eight buckets for each power of two

std::size_t bucket_of(std::uint64_t value) {
  if (value < (1u << sub_bits)) return value;
  const auto exponent = static_cast<unsigned>(std::bit_width(value)) - 1;
  const std::uint64_t mantissa = (value >> (exponent - sub_bits)) & ((1u << sub_bits) - 1);
  return ((exponent - sub_bits + 1) << sub_bits) + mantissa;
}

std::uint64_t upper_end(std::size_t bucket) {
  if (bucket < (1u << sub_bits)) return bucket;
  const std::size_t exponent = (bucket >> sub_bits) + sub_bits - 1;
  const std::uint64_t mantissa = (bucket & ((1u << sub_bits) - 1)) | (1u << sub_bits);
  return ((mantissa + 1) << (exponent - sub_bits)) - 1;
}

CurrencyTotals& of_currency(Totals& totals, std::string_view currency) {
  for (CurrencyTotals& held : totals.revenue)
    if (held.currency == currency) return held;
  return totals.revenue.emplace_back(CurrencyTotals{std::string(currency)});
}

}  // namespace

void DurationHistogram::add(std::int64_t duration_us) {
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(duration_us, 0)));
  if (bucket >= buckets.size()) buckets.resize(bucket + 1);
  ++buckets[bucket];
}

std::uint64_t DurationHistogram::count() const {
  return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
}

std::int64_t DurationHistogram::quantile_us(double quantile) const {
  const std::uint64_t total = count();
  if (total == 0) return 0;
  const auto rank =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(quantile * static_cast<double>(total))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    seen += buckets[i];
    if (seen >= rank) return static_cast<std::int64_t>(upper_end(i));
  }
  return static_cast<std::int64_t>(upper_end(buckets.size() - 1));
}

void Totals::add(const Event& event) {
  last_seq = event.seq;
  event_counts.resize(event_type_names.size());
  ++event_counts[static_cast<std::size_t>(event.type)];
  if (event.type == EventType::payment_confirmed) of_currency(*this, event.data.currency).gross += event.data.amount;
  if (event.type == EventType::order_refunded) of_currency(*this, event.data.currency).refunded += event.data.amount;
  if (event.type == EventType::order_fulfilled) delivery.add(event.data.delivery_us);
}

std::uint64_t Totals::count(EventType type) const {
  const auto index = static_cast<std::size_t>(type);
  return index < event_counts.size() ? event_counts[index] : 0;
}

double rate(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace circuit::schema
