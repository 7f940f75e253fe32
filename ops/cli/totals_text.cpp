#include "ops/cli/totals_text.hpp"

#include "ops/cli/table.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

std::string revenue_text(const Json& revenue) {
  std::string text;
  for (const auto& [currency, sums] : revenue.items()) {
    text += (text.empty() ? "" : ", ") + money_text(integer_of(sums, "net"), currency);
    if (integer_of(sums, "refunded") != 0)
      text += " (" + money_text(integer_of(sums, "gross"), currency) + " less " +
              money_text(integer_of(sums, "refunded"), currency) + " refunded)";
  }
  return text.empty() ? "none yet" : text;
}

}  // namespace

std::string totals_text(const Json& totals) {
  Table table({{""}, {""}});
  const auto count = [&](const char* label, const char* key) {
    table.add({label, std::to_string(integer_of(totals, key))});
  };
  const auto rate = [&](const char* label, const char* key) {
    table.add({label, percent_text(totals.value(key, 0.0))});
  };
  count("Orders created", "orders_created");
  count("Orders paid", "orders_paid");
  count("Orders fulfilled", "orders_fulfilled");
  count("Orders refunded", "orders_refunded");
  count("Orders cancelled", "orders_cancelled");
  count("Orders expired", "orders_expired");
  table.add({"Total revenue", revenue_text(totals.at("revenue"))});
  rate("Completion rate", "completion_rate");
  rate("Payment rate", "payment_rate");
  rate("Refund rate", "refund_rate");
  rate("Error rate", "error_rate");
  const Json& delivery = totals.at("delivery");
  if (integer_of(delivery, "count") == 0) {
    table.add({"Time to delivery", "nothing delivered yet"});
  } else {
    table.add({"Time to delivery p50", duration_text(integer_of(delivery, "p50_us"))});
    table.add({"Time to delivery p95", duration_text(integer_of(delivery, "p95_us"))});
    table.add({"Time to delivery p99", duration_text(integer_of(delivery, "p99_us"))});
  }
  return table.text();
}

}  // namespace circuit::cli
