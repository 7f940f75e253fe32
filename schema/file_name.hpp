// Which file names pass between customers, programs and the disk.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace circuit::schema {

inline constexpr std::size_t file_name_bytes_max = 64;

// 1 to 64 of A-Z a-z 0-9 '.' '_' '-', the first no dot: never a path, never hidden, never "..".
[[nodiscard]] inline bool is_safe_file_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= file_name_bytes_max && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace circuit::schema
