// Any text as the words by which a charge misbehaves: it never fails, its numbers are bounded, and the words that were
// understood mean the same when they are written again.
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::view_of(data, size);
  const sandbox::Behaviour behaviour = sandbox::parse_behaviour(text);
  require(behaviour.slow_ms <= sandbox::slow_ms_max && behaviour.errors <= sandbox::errors_max, "numbers are bounded");
  require(behaviour.unknown.empty() || (behaviour.unknown.data() >= text.data() &&
                                        behaviour.unknown.data() + behaviour.unknown.size() <= text.data() + size),
          "what was not understood is a part of the text");
  const std::string words = written(behaviour);
  const sandbox::Behaviour again = sandbox::parse_behaviour(words);
  require(again.unknown.empty() && written(again) == words, "words mean the same again");
  return 0;
}
