#include "workers/fulfillment/analysis/findings/names.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace circuit::analysis {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_upper(c) || is_lower(c) || static_cast<unsigned char>(c) >= 0x80; }

// In small letters; cut at everything that is no letter and where a capital follows a small letter (customerId).
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool is_open = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_letter(c)) {
      is_open = false;
      continue;
    }
    if (!is_open || (is_upper(c) && is_lower(name[i - 1]))) words.emplace_back();
    words.back() += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    is_open = true;
  }
  return words;
}

}  // namespace

bool is_identifier_name(std::string_view name) {
  constexpr std::string_view marks[] = {"id",  "ids", "key",     "uuid",   "guid",       "zip", "zipcode",
                                        "plz", "sku", "isbn",    "iban",   "postcode",   "ssn", "code",
                                        "nr",  "no",  "barcode", "postal", "identifier", "ean", "upc"};
  const std::vector<std::string> words = words_of(name);
  return std::ranges::any_of(
      words, [&](const std::string& word) { return std::ranges::find(marks, word) != std::end(marks); });
}

bool share_a_word(std::string_view a, std::string_view b) {
  constexpr std::size_t letters_min = 3;
  const std::vector<std::string> words = words_of(a);
  const std::vector<std::string> others = words_of(b);
  return std::ranges::any_of(words, [&](const std::string& word) {
    return word.size() >= letters_min && std::ranges::find(others, word) != others.end();
  });
}

}  // namespace circuit::analysis
