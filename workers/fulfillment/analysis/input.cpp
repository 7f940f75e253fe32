#include "workers/fulfillment/analysis/input.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "workers/fulfillment/analysis/number_text.hpp"
#include "workers/fulfillment/analysis/utf8.hpp"

namespace circuit::analysis {
namespace {

constexpr std::string_view save_as = "Please save the file as “CSV UTF-8” and send it again.";

struct Signature {
  std::string_view bytes;
  std::string_view what;
};
constexpr Signature signatures[] = {{"PK\x03\x04", "an Excel workbook or another zipped file"},
                                    {"\xD0\xCF\x11\xE0", "an Excel workbook of the old kind"},
                                    {"%PDF-", "a PDF document"},
                                    {"\x1F\x8B", "a compressed (gzip) file"}};

std::optional<Failure> refuse_other_formats(std::string_view input) {
  for (const auto& [bytes, what] : signatures)
    if (input.starts_with(bytes))
      return Failure{"input_not_csv", fmt::format("This is {}, not a CSV file. {}", what, save_as)};
  if (input.starts_with("\xFF\xFE") || input.starts_with("\xFE\xFF"))
    return Failure{"input_not_utf8", fmt::format("The file is encoded as UTF-16, not as UTF-8. {}", save_as)};
  return std::nullopt;
}

std::optional<Failure> refuse_encoding(std::string_view input) {
  if (input.find('\0') != std::string_view::npos)
    return Failure{"input_binary", fmt::format("The file holds binary data, not text. {}", save_as)};
  const std::size_t bad = find_invalid_utf8(input);
  if (bad == std::string_view::npos) return std::nullopt;
  const auto line = std::count(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(bad), '\n') + 1;
  return Failure{
      "input_not_utf8",
      fmt::format("The file is not encoded as UTF-8: the first wrong byte is on line {}. {}", line, save_as)};
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view input) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return input.starts_with(mark) ? input.substr(mark.size()) : input;
}

std::optional<Failure> refuse_input(std::string_view input, const Limits& limits) {
  if (input.size() > limits.input_bytes_max)
    return Failure{"input_too_large",
                   fmt::format("The file has {}; at most {} can be analyzed.", counted(input.size(), "byte"),
                               readable_text(limits.input_bytes_max))};
  if (without_byte_order_mark(input).find_first_not_of(" \t\r\n") == std::string_view::npos)
    return Failure{"input_empty", "The file is empty."};
  if (auto failure = refuse_other_formats(input)) return failure;
  return refuse_encoding(input);
}

}  // namespace circuit::analysis
