#include "workers/fulfillment/analysis/html_text.hpp"

#include "workers/fulfillment/analysis/utf8.hpp"

namespace circuit::analysis {

std::string html_text(std::string_view text, std::size_t code_points_max) {
  std::string result;
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

}  // namespace circuit::analysis
