#include "ops/cli/json.hpp"

#include <string_view>
#include <type_traits>

#include "schema/crypto.hpp"
#include "schema/order_id.hpp"
#include "schema/time_text.hpp"

namespace circuit::cli {
namespace {

using schema::Document;

Json map_of(const Document::Value& map) {
  Json json = Json::object();
  Document::Value at = map.first_child();
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const Document::Value value = at.next();
    json[std::string(*at.string())] = json_of(value);
    at = value.next();
  }
  return json;
}

Json array_of(const Document::Value& array) {
  Json json = Json::array();
  Document::Value at = array.first_child();
  for (std::uint32_t i = 0; i < array.size(); ++i, at = at.next()) json.push_back(json_of(at));
  return json;
}

Json files_of(const std::vector<schema::DeliveredFile>& files) {
  Json json = Json::array();
  for (const schema::DeliveredFile& file : files)
    json.push_back({{"name", file.name}, {"size", file.size}, {"sha256", file.sha256}});
  return json;
}

bool is_time(std::string_view key) { return key == "ts" || key == "since" || key.ends_with("_at"); }

}  // namespace

Json json_of(const Document::Value& value) {
  using Kind = Document::Kind;
  switch (value.kind()) {
    case Kind::nil: return nullptr;
    case Kind::boolean: return *value.boolean();
    case Kind::unsigned_integer: return *value.natural();
    case Kind::negative_integer: return *value.integer();
    case Kind::real: return *value.real();
    case Kind::string: return std::string(*value.string());
    case Kind::binary: return schema::base64url_encode(schema::bytes_of(*value.bytes()));
    case Kind::array: return array_of(value);
    case Kind::map: return map_of(value);
  }
  return nullptr;
}

Json json_of(const schema::Event& event) {
  Json data = Json::object();
  schema::for_each_field(event.type, event.data, [&](const char* name, const auto& value) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::vector<schema::DeliveredFile>>)
      data[name] = files_of(value);
    else
      data[name] = value;
  });
  return {{"seq", event.seq},
          {"ts", event.ts},
          {"type", name_of(event.type)},
          {"order_id", schema::order_id_text(event.order)},
          {"version", event.version},
          {"status", name_of(event.status)},
          {"data", std::move(data)}};
}

void times_to_text(Json& json) {
  if (!json.is_structured()) return;
  const bool object = json.is_object();
  for (auto at = json.begin(); at != json.end(); ++at) {
    if (object && at.key() == "metadata") continue;
    Json& value = at.value();
    if (object && is_time(at.key()) && value.is_number_integer()) {
      const auto time_us = value.get<std::int64_t>();
      if (time_us >= schema::time_text_us_min && time_us <= schema::time_text_us_max)
        value = schema::time_text(time_us);
    } else {
      times_to_text(value);
    }
  }
}

std::string json_text(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n'; }
std::string json_line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'; }

}  // namespace circuit::cli
