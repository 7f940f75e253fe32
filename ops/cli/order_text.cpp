#include "ops/cli/order_text.hpp"

#include <fmt/format.h>

#include "ops/cli/table.hpp"
#include "ops/cli/text.hpp"
#include "schema/names.hpp"
#include "schema/time_text.hpp"

namespace circuit::cli {
namespace {

using schema::EventType;

// The texts that are not empty, with commas.
std::string listed(std::initializer_list<std::string> texts) {
  std::string list;
  for (const std::string& text : texts)
    if (!text.empty()) list += (list.empty() ? "" : ", ") + text;
  return list;
}

std::string prefixed(const char* prefix, const std::string& text) { return text.empty() ? "" : prefix + text; }

std::string fulfilled_detail(const Json& data) {
  std::string names;
  if (const auto files = data.find("files"); files != data.end())
    for (const Json& file : *files) names += (names.empty() ? "" : " ") + string_of(file, "name");
  return listed({names.empty() ? string_of(data, "deliverable") : names,
                 duration_text(integer_of(data, "delivery_us")) + " after the payment"});
}

std::string own_detail(const Json& event) {
  const Json& data = event.at("data");
  switch (schema::event_type_from_name(string_of(event, "type")).value_or(EventType::none)) {
    case EventType::order_created: return listed({string_of(data, "product_id"), money_text(data)});
    case EventType::payment_requested:
    case EventType::payment_retried: return "attempt " + std::to_string(integer_of(data, "attempt"));
    case EventType::payment_confirmed:
      return listed({money_text(data), string_of(data, "provider") + ' ' + string_of(data, "charge_id")});
    case EventType::order_fulfilled: return fulfilled_detail(data);
    case EventType::payment_failed:
    case EventType::fulfillment_failed: return string_of(data, "reason") + ": " + string_of(data, "message");
    case EventType::cancel_requested:
    case EventType::order_cancelled:
    case EventType::fulfillment_retried: return prefixed("by ", string_of(data, "made_by"));
    case EventType::refund_requested:
      return listed({money_text(data), prefixed("by ", string_of(data, "made_by")), string_of(data, "reason")});
    case EventType::order_refunded:
      return listed({money_text(data), string_of(data, "provider") + ' ' + string_of(data, "refund_id")});
    case EventType::retry_requested: return prefixed("was stuck on ", string_of(data, "reason"));
    case EventType::order_expired:
    case EventType::none: break;
  }
  return {};
}

}  // namespace

std::string event_detail(const Json& event) {
  return listed({own_detail(event), prefixed("operator ", string_of(event.at("data"), "operator"))});
}

std::string events_text(const Json& events) {
  Table table({{"SEQ", Align::right}, {"TIME"}, {"EVENT"}, {"STATUS"}, {"DETAIL"}});
  for (const Json& event : events)
    table.add({std::to_string(integer_of(event, "seq")), schema::time_text(integer_of(event, "ts")),
               string_of(event, "type"), string_of(event, "status"), event_detail(event)});
  return table.text();
}

std::string step_text(const Json& event, std::int64_t began_us) {
  return printable(fmt::format("  {:>10}  {:<20}  {}", '+' + duration_text(integer_of(event, "ts") - began_us),
                               string_of(event, "type"), event_detail(event))) +
         '\n';
}

std::string order_text(const Json& order, std::int64_t now_us) {
  Table table({{""}, {""}});
  table.add({"Order", string_of(order, "order_id")});
  table.add({"Status", string_of(order, "status")});
  table.add({"Product", string_of(order, "product_id")});
  table.add({"Customer", string_of(order, "customer_id")});
  table.add({"Amount", money_text(order)});
  table.add({"Created", moment_text(integer_of(order, "created_at"), now_us)});
  table.add({"Paid", moment_text(integer_of(order, "paid_at"), now_us)});
  table.add({"Fulfilled", moment_text(integer_of(order, "fulfilled_at"), now_us)});
  if (integer_of(order, "refunded_at") != 0)
    table.add({"Refunded", moment_text(integer_of(order, "refunded_at"), now_us)});
  if (string_of(order, "status") == "pending_payment") table.add({"Payment URL", string_of(order, "payment_url")});
  if (const std::string token = string_of(order, "delivery_token"); !token.empty())
    table.add({"Delivery token", token});
  if (order.contains("metadata"))
    table.add({"Metadata", order["metadata"].dump(-1, ' ', false, Json::error_handler_t::replace)});
  return table.text() + '\n' + events_text(order.at("history"));
}

std::string files_text(const Json& files) {
  Table table({{""}, {"", Align::right}, {""}});
  for (const Json& file : files)
    table.add({"  " + string_of(file, "name"), bytes_text(static_cast<std::uint64_t>(integer_of(file, "size"))),
               "sha256 " + string_of(file, "sha256")});
  return table.text();
}

}  // namespace circuit::cli
