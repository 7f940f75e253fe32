// MessagePack to JSON and back, for tests that read and write what stands on the wire. Binary becomes JSON's binary
// type.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace circuit::integration {

using Json = nlohmann::json;

[[nodiscard]] std::string packed(const Json& value);
// Throws std::runtime_error when the bytes are not exactly one value.
[[nodiscard]] Json unpacked(std::string_view bytes);
[[nodiscard]] Json binary(std::string_view bytes);

}  // namespace circuit::integration
