// What makes a product. A handler gets one paid order and an empty directory, and says what became of it; everything
// else (leases, input files, durability, hashes, the answer to the broker) is done around it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "schema/document.hpp"
#include "schema/uuid.hpp"

namespace circuit::fulfillment {

// Views live as long as the call.
struct Request {
  schema::Uuid order;
  std::string_view product_id;
  std::string_view customer_id;
  std::int64_t amount = 0;  // minor units
  std::string_view currency;
  std::int64_t created_at = 0;     // µs since the epoch
  std::string_view metadata;       // MessagePack; empty without any
  schema::Document::Value input;   // a map; empty without an input
  std::filesystem::path output;    // absolute: an empty directory for the files to deliver
  std::filesystem::path input_to;  // a place beside it that does not exist yet, for a handler that needs input as files
  std::string run_name;            // "<order id>-<lease>", for logs
  int stop_fd = -1;                // readable once the worker stops: a handler that can end early should
};

// The files in `output` are the deliverable: at least one, all regular, with safe names (file_name.hpp).
struct DeliveredFiles {};
// A licence, which is derived when it is redeemed; nothing was written.
struct DeliveredLicense {};
// It did not work now and may work later. The reason was logged by whoever knows it best.
struct TemporaryFailure {};
// It will never work for this order. Both go into the audit log: no personal data.
struct PermanentFailure {
  std::string word;      // what programs match on: lower case and '_'
  std::string sentence;  // what the customer reads; made printable and cut to schema::failure_message_bytes_max
};
using HandlerResult = std::variant<DeliveredFiles, DeliveredLicense, TemporaryFailure, PermanentFailure>;

class FulfillmentHandler {
 public:
  virtual ~FulfillmentHandler() = default;

  // Whether run() is called in the worker's loop: then it must be quick, do no I/O and write nothing, and the request
  // has neither input nor directories. Otherwise it is called in a thread, several calls at a time.
  [[nodiscard]] virtual bool inline_in_loop() const { return false; }

  // May block when it runs in a thread. An exception counts as a temporary failure and is logged.
  [[nodiscard]] virtual HandlerResult run(const Request& request) = 0;
};

}  // namespace circuit::fulfillment
