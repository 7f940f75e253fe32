// Replies and events as JSON. Numbers of µs stay numbers while the program works with them and become RFC 3339 when
// they are printed (DESIGN §3.3).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "schema/document.hpp"
#include "schema/event.hpp"

namespace circuit::cli {

using Json = nlohmann::ordered_json;  // keys in the order in which they came

// The same value. Binary becomes base64url text.
[[nodiscard]] Json json_of(const schema::Document::Value& value);

// An event in the form in which the stream has it (DESIGN §3.2), `ts` in µs.
[[nodiscard]] Json json_of(const schema::Event& event);

// Replaces the times in replies and events (`ts`, `since`, `…_at`) by their RFC 3339 text, wherever they stand but in
// `metadata`, which is the customer's own.
void times_to_text(Json& json);

// For people and programs: indented, or on one line; a newline at the end. Text that is not UTF-8 has U+FFFD in its
// place.
[[nodiscard]] std::string json_text(const Json& json);
[[nodiscard]] std::string json_line(const Json& json);

}  // namespace circuit::cli
