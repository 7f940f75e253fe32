// The order as the program of an exec product reads it.
#pragma once

#include <filesystem>
#include <string>

#include "schema/document.hpp"
#include "workers/fulfillment/handler.hpp"

namespace circuit::fulfillment {

// One line, its newline included, keys in this order:
//   {"order_id","product_id","customer_id","amount","currency","created_at","metadata","input_directory"}
// created_at is RFC 3339 in UTC; metadata is an object, {} without any.
[[nodiscard]] std::string order_json(const Request& request, const std::filesystem::path& input_directory);

// MessagePack as JSON. Bytes become base64 (RFC 4648 section 4), numbers that JSON lacks become null, text that is no
// UTF-8 gets U+FFFD.
[[nodiscard]] std::string json_text(const schema::Document::Value& value);

}  // namespace circuit::fulfillment
