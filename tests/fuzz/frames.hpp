// A message of several frames out of one text: each frame stands behind one byte that says how long it is.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace circuit::fuzz {

// At least one frame; the last one may be shorter than its byte says.
inline std::vector<std::string_view> frames_of(std::string_view text) {
  std::vector<std::string_view> frames;
  do {
    const std::size_t size = text.empty() ? 0 : static_cast<std::uint8_t>(text[0]);
    text.remove_prefix(std::min<std::size_t>(text.size(), 1));
    frames.push_back(text.substr(0, size));
    text.remove_prefix(frames.back().size());
  } while (!text.empty());
  return frames;
}

}  // namespace circuit::fuzz
