#include "workers/fulfillment/order_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "schema/crypto.hpp"
#include "schema/order_id.hpp"
#include "schema/time_text.hpp"

namespace circuit::fulfillment {
namespace {

using Json = nlohmann::ordered_json;
using Kind = schema::Document::Kind;

// As deep as a Document may be, which has a limit.
Json json_of(const schema::Document::Value& value) {
  switch (value.kind()) {
    case Kind::nil: return nullptr;
    case Kind::boolean: return *value.boolean();
    case Kind::unsigned_integer: return *value.natural();
    case Kind::negative_integer: return *value.integer();
    case Kind::real: return std::isfinite(*value.real()) ? Json(*value.real()) : Json(nullptr);
    case Kind::string: return std::string(*value.string());
    case Kind::binary: return schema::base64_encode(schema::bytes_of(*value.bytes()));
    case Kind::array: {
      Json array = Json::array();
      schema::Document::Value at = value.first_child();
      for (std::uint32_t i = 0; i < value.size(); ++i, at = at.next()) array.push_back(json_of(at));
      return array;
    }
    case Kind::map: {
      Json object = Json::object();
      schema::Document::Value key = value.first_child();
      for (std::uint32_t i = 0; i < value.size(); ++i, key = key.next().next())
        object[std::string(*key.string())] = json_of(key.next());
      return object;
    }
  }
  return nullptr;
}

std::string line_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json metadata_of(std::string_view metadata) {
  schema::Document document;
  if (metadata.empty() || document.parse(metadata)) return Json::object();
  return json_of(document.root());
}

}  // namespace

std::string json_text(const schema::Document::Value& value) { return line_of(json_of(value)); }

std::string order_json(const Request& request, const std::filesystem::path& input_directory) {
  Json order;
  order["order_id"] = schema::order_id_text(request.order);
  order["product_id"] = std::string(request.product_id);
  order["customer_id"] = std::string(request.customer_id);
  order["amount"] = request.amount;
  order["currency"] = std::string(request.currency);
  order["created_at"] = schema::time_text(request.created_at);
  order["metadata"] = metadata_of(request.metadata);
  order["input_directory"] = input_directory.string();
  return line_of(order) + '\n';
}

}  // namespace circuit::fulfillment
