#include "workers/fulfillment/analysis/report/html_text.hpp"

#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"
#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {

std::string html_text(std::string_view text, std::size_t code_points_max) {
  std::string result;
  result.reserve(text.size() + 16);
  for (const char c : neutralised(clip(text, code_points_max))) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string html_name(const ColumnSummary& column, std::size_t code_points_max) {
  return "<bdi>" + html_text(column.name, code_points_max) + "</bdi>";
}

std::string with_minus_signs(std::string text) {
  for (std::size_t at = text.find('-'); at != std::string::npos; at = text.find('-', at + 1)) {
    const bool starts_number = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(' || text[at - 1] == 'e';
    const bool has_digit = at + 1 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9';
    if (starts_number && has_digit) text.replace(at, 1, "−");
  }
  return text;
}

std::string html_sentence(std::string_view text, std::size_t code_points_max) {
  return with_minus_signs(html_text(text, code_points_max));
}

std::string html_p(double p) {
  const std::string text = p_text(p);
  return html_text(text.starts_with("= ") ? std::string_view(text).substr(2) : text);
}

std::string html_number(double value) { return with_minus_signs(readable_text(value)); }

std::string html_number(const ColumnSummary& column, double value) {
  return with_minus_signs(value_text(column, value));
}

}  // namespace circuit::analysis
