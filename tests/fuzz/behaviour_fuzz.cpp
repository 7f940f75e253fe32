// Any text as the words by which a charge misbehaves: it never fails, its numbers are bounded, and the words that were
// understood mean the same when they are written again.
#include <algorithm>
#include <string>

#include "tests/fuzz/require.hpp"
#include "workers/sandbox/behaviour.hpp"

using namespace circuit;
using fuzz::require;

namespace {

std::string written(const sandbox::Behaviour& behaviour) {
  std::string text;
  if (behaviour.decline) text += "decline,";
  if (behaviour.timeout_before) text += "timeout_before, ";
  if (behaviour.timeout_after) text += "timeout_after,";
  if (behaviour.wrong_amount) text += "wrong_amount,";
  if (behaviour.forgetful) text += " forgetful,";
  text += "slow:" + std::to_string(behaviour.slow_ms) + ",error:" + std::to_string(behaviour.errors);
  return text;
}

// Whether a word stands in the text, between commas and blanks.
bool has_word(std::string_view text, std::string_view word) {
  while (!text.empty()) {
    std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    part.remove_prefix(std::min(part.find_first_not_of(" \t"), part.size()));
    part = part.substr(0, part.find_last_not_of(" \t") + 1);
    if (part == word) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::view_of(data, size);
  const sandbox::Behaviour behaviour = sandbox::parse_behaviour(text);
  require(behaviour.slow_ms <= sandbox::slow_ms_max && behaviour.errors <= sandbox::errors_max, "numbers are bounded");
  require(behaviour.unknown.empty() || (behaviour.unknown.data() >= text.data() &&
                                        behaviour.unknown.data() + behaviour.unknown.size() <= text.data() + size),
          "what was not understood is a part of the text");
  require(behaviour.decline == has_word(text, "decline") &&
              behaviour.timeout_before == has_word(text, "timeout_before") &&
              behaviour.timeout_after == has_word(text, "timeout_after") &&
              behaviour.wrong_amount == has_word(text, "wrong_amount") &&
              behaviour.forgetful == has_word(text, "forgetful"),
          "a word is understood as itself");
  const std::string words = written(behaviour);
  const sandbox::Behaviour again = sandbox::parse_behaviour(words);
  require(again.unknown.empty() && written(again) == words, "words mean the same again");
  return 0;
}
