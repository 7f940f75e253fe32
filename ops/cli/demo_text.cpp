#include "ops/cli/demo.hpp"
#include "ops/cli/order_text.hpp"
#include "ops/cli/receipt_text.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/text.hpp"
#include "ops/cli/totals_text.hpp"

namespace circuit::cli {
namespace {

namespace fs = std::filesystem;

std::string indented(const std::string& text) {
  std::string lines;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && c != '\n') lines += "  ";
    lines += c;
    at_start = c == '\n';
  }
  return lines;
}

// What each event of the happy path means to whoever bought.
std::string step_name(const std::string& type) {
  if (type == "order_created") return "created";
  if (type == "payment_confirmed") return "paid";
  if (type == "order_fulfilled") return "delivered";
  return type;
}

std::string steps_text(const DemoOrder& order, const Json& receipt) {
  const std::int64_t began_us = integer_of(order.events.front(), "ts");
  const std::int64_t ended_us = integer_of(order.events.back(), "ts");
  Table table({{""}, {"", Align::right}, {""}});
  for (const Json& event : order.events)
    table.add({"  " + step_name(string_of(event, "type")), '+' + duration_text(integer_of(event, "ts") - began_us),
               event_detail(event)});
  table.add({"  receipt", "",
             money_text(receipt) + ", " + string_of(receipt, "provider") + ' ' + string_of(receipt, "charge_id") +
                 ", event " + std::to_string(integer_of(receipt, "fulfilled_seq"))});
  table.add({"  elapsed", duration_text(ended_us - began_us), "from the order to its delivery"});
  return "One order, " + order.id + " (" + order.csv.filename().string() + ", " + bytes_text(fs::file_size(order.csv)) +
         "):\n" + table.text();
}

std::string orders_text(const std::vector<DemoOrder>& orders) {
  Table table({{"  ORDER"}, {"DATA"}, {"STATUS"}, {"AMOUNT", Align::right}, {"TIME TO DELIVERY", Align::right}});
  for (const DemoOrder& order : orders)
    table.add({"  " + order.id, order.csv.filename().string(), string_of(order.order, "status"),
               money_text(order.order),
               duration_text(integer_of(order.order, "fulfilled_at") - integer_of(order.order, "created_at"))});
  return "All orders:\n" + table.text();
}

std::string audit_text(const ops::VerifyReport& audit) {
  if (!audit.good()) return "Audit log: FAULT\n" + indented(ops::report_text(audit, nullptr));
  return "Audit log: verified, " + std::to_string(audit.events) + " events, seq 1 to " +
         std::to_string(audit.last_seq) + ", each line holds the SHA-256 of the line before it.\n";
}

// The page that a person opens: the HTML file of a delivery, or its directory.
fs::path report_of(const DemoOrder& order) {
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(order.files, none))
    if (entry.path().extension() == ".html") return entry.path();
  return order.files;
}

}  // namespace

std::string demo_text(const DemoResult& result) {
  Table places({{""}, {""}});
  for (const DemoOrder& order : result.orders) places.add({"Report", report_of(order).string()});
  places.add({"Audit log", result.audit.directory.string()});
  return steps_text(result.orders.front(), result.receipt) + '\n' + orders_text(result.orders) + '\n' + "Totals:\n" +
         indented(totals_text(result.totals)) + '\n' + audit_text(result.audit) + '\n' + places.text();
}

Json demo_json(const DemoResult& result) {
  Json orders = Json::array();
  for (const DemoOrder& order : result.orders) {
    Json one = order.order;
    one["report"] = report_of(order).string();
    orders.push_back(std::move(one));
  }
  Json json = {{"good", result.good()},       {"elapsed_us", result.elapsed_us},
               {"orders", std::move(orders)}, {"receipt", result.receipt},
               {"stats", result.totals},      {"audit", ops::report_json(result.audit, nullptr)}};
  times_to_text(json);
  return json;
}

}  // namespace circuit::cli
