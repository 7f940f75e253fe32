// How a fuzz target says that a promise is broken: it names the promise and ends the process, which a fuzzer notices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace circuit::fuzz {

void require(bool holds, const char* promise);

inline std::string_view view_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace circuit::fuzz
