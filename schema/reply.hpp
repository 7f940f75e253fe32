// Replies to requests (DESIGN §3.1), as MessagePack maps: { ok: true, request_id, … } or { ok: false, request_id,
// error: {…} }. `request_id` is echoed as it came; nil when there was none.
#pragma once

#include <string>
#include <string_view>

#include "schema/error_code.hpp"
#include "schema/packer.hpp"

namespace circuit::schema {

// The head of a good reply that has `fields` more fields; the caller packs them.
inline void begin_reply(Packer& packer, std::string_view packed_request_id, std::uint32_t fields) {
  packer.map(2 + fields).text("ok").boolean(true).text("request_id").raw(packed_request_id);
}

[[nodiscard]] inline std::string refusal_reply(std::string_view packed_request_id, const Refusal& refusal) {
  std::string out;
  Packer packer(out);
  packer.map(3).text("ok").boolean(false).text("request_id").raw(packed_request_id).text("error");
  packer.map(2u + !refusal.field.empty() + (refusal.retry_after_ms > 0));
  packer.text("code").text(name_of(refusal.code)).text("message").text(refusal.message);
  if (!refusal.field.empty()) packer.text("field").text(refusal.field);
  if (refusal.retry_after_ms > 0) packer.text("retry_after_ms").integer(refusal.retry_after_ms);
  return out;
}

[[nodiscard]] inline std::string packed_request_id(const Document::Value& request_id) {
  std::string out;
  if (request_id)
    Packer(out).value(request_id);
  else
    Packer(out).nil();
  return out;
}

}  // namespace circuit::schema
