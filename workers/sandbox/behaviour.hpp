// How a charge misbehaves on demand: words separated by commas, as the order's metadata.sandbox has them.
//
//   decline         declined for good
//   slow:MS         decided only MS milliseconds later; meanwhile the charge is pending
//   timeout_before  the first charge of the key is lost on the way: nothing is taken, nothing is answered
//   timeout_after   what was decided stands in the ledger, but its answer is lost
//   error:N         the first N charges of the key answer with an error; nothing is taken
//   wrong_amount    one minor unit more than asked is captured
//   forgetful       a charge of a captured key captures again, so that only a look-up prevents a second charge
#pragma once

#include <cstdint>
#include <string_view>

namespace circuit::sandbox {

inline constexpr std::uint32_t slow_ms_max = 600'000;
inline constexpr std::uint32_t errors_max = 1'000'000;

struct Behaviour {
  bool decline = false;
  bool timeout_before = false;
  bool timeout_after = false;
  bool wrong_amount = false;
  bool forgetful = false;
  std::uint32_t slow_ms = 0;
  std::uint32_t errors = 0;
  std::string_view unknown;  // the first word that is none of the above, or whose number is malformed or too large
};

// Never fails: what it does not know stands in `unknown`, a view into `text`. Spaces around words are ignored.
[[nodiscard]] Behaviour parse_behaviour(std::string_view text);

}  // namespace circuit::sandbox
