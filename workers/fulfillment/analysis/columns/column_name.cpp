#include "workers/fulfillment/analysis/columns/column_name.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "workers/fulfillment/analysis/reading/cell_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::string_view code_words[] = {"id",  "ids",   "uuid", "guid", "zip",       "zipcode", "postcode",
                                           "plz", "phone", "tel",  "fax",  "isbn",      "ean",     "upc",
                                           "sku", "ssn",   "fips", "code", "telephone", "barcode"};
constexpr std::string_view row_words[] = {"key", "nr", "no", "number", "index", "row", "#"};

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// In lower case. Words end at what is neither letter nor digit, and where a capital follows a small letter; # is a
// word.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (is_upper(c) && i > 0 && is_lower(name[i - 1])) end_word();
    if (is_upper(c)) {
      word += static_cast<char>(c - 'A' + 'a');
    } else if (is_lower(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) {
      word += c;
    } else {
      end_word();
      if (c == '#') words.emplace_back("#");
    }
  }
  end_word();
  return words;
}

template <std::size_t size>
bool is_among(const std::string& word, const std::string_view (&words)[size]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

bool is_name_of_codes(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  return !words.empty() && (is_among(words.back(), code_words) || words.front() == "id");
}

bool may_name_rows(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  return !words.empty() && is_among(words.back(), row_words) && (words.back() != "index" || words.size() == 1);
}

}  // namespace circuit::analysis
