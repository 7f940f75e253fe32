#include "ops/cli/receipt_text.hpp"

#include "ops/cli/order_text.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/text.hpp"
#include "schema/time_text.hpp"

namespace circuit::cli {

std::string receipt_text(const Json& receipt) {
  Table table({{""}, {""}});
  table.add({"Order", string_of(receipt, "order_id")});
  table.add({"Product", string_of(receipt, "product_id")});
  table.add({"Customer", string_of(receipt, "customer_id")});
  table.add({"Amount", money_text(receipt)});
  table.add({"Paid by", string_of(receipt, "provider") + ' ' + string_of(receipt, "charge_id")});
  table.add({"Ordered", schema::time_text(integer_of(receipt, "ordered_at"))});
  table.add({"Paid", schema::time_text(integer_of(receipt, "paid_at"))});
  table.add({"Fulfilled", schema::time_text(integer_of(receipt, "fulfilled_at")) + ", event " +
                              std::to_string(integer_of(receipt, "fulfilled_seq"))});
  table.add({"Delivered", string_of(receipt, "deliverable")});
  return "RECEIPT\n" + table.text() + files_text(receipt.at("files"));
}

std::string refund_text(const Json& refund) {
  Table table({{""}, {""}});
  table.add({"Order", string_of(refund, "order_id")});
  table.add({"Amount", money_text(refund)});
  table.add({"Refund", string_of(refund, "refund_id")});
  table.add({"Refunded", schema::time_text(integer_of(refund, "refunded_at"))});
  return "REFUND\n" + table.text();
}

}  // namespace circuit::cli
