#include "workers/sandbox/behaviour.hpp"

#include <charconv>
#include <optional>

namespace circuit::sandbox {
namespace {

std::string_view trimmed(std::string_view word) {
  const std::size_t first = word.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return word.substr(first, word.find_last_not_of(" \t") - first + 1);
}

// The number of a word like "slow:200".
std::optional<std::uint32_t> number_behind(std::string_view prefix, std::string_view word, std::uint32_t max) {
  if (!word.starts_with(prefix)) return std::nullopt;
  word.remove_prefix(prefix.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size() || number > max) return std::nullopt;
  return number;
}

bool take_word(std::string_view word, Behaviour& out) {
  if (word == "decline") return out.decline = true;
  if (word == "timeout_before") return out.timeout_before = true;
  if (word == "timeout_after") return out.timeout_after = true;
  if (word == "wrong_amount") return out.wrong_amount = true;
  if (word == "forgetful") return out.forgetful = true;
  if (const auto ms = number_behind("slow:", word, slow_ms_max)) return out.slow_ms = *ms, true;
  if (const auto count = number_behind("error:", word, errors_max)) return out.errors = *count, true;
  return false;
}

}  // namespace

Behaviour parse_behaviour(std::string_view text) {
  Behaviour behaviour;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view word = trimmed(text.substr(0, comma));
    if (!word.empty() && !take_word(word, behaviour) && behaviour.unknown.empty()) behaviour.unknown = word;
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return behaviour;
}

}  // namespace circuit::sandbox
