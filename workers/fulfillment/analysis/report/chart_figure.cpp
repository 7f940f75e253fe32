#include "workers/fulfillment/analysis/report/chart_figure.hpp"

#include <charconv>

#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::analysis {
namespace {

constexpr int digits = 7;

std::string shortened(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, digits).ptr};
}

}  // namespace

void ChartData::text(std::string_view key, std::string_view value) {
  json_.key(key);
  item(value);
}

void ChartData::number(std::string_view key, double value) {
  json_.key(key);
  item(value);
}

void ChartData::begin_list(std::string_view key) {
  json_.key(key);
  json_.begin_array();
}

void ChartData::item(double value) { json_.raw(shortened(value)); }

void ChartData::item(std::string_view value) { json_.string(neutralised(clip(value, short_name_max))); }

void ChartData::moment(double moment_us) { json_.number(std::floor(moment_us / 1000)); }

std::string ChartData::take() {
  json_.end();
  std::string text = json_.take();
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at))
    text.replace(at, 1, "\\u003c");
  return text;
}

void open_chart(std::string& out, std::string_view kind, std::string_view sentence, ChartData data) {
  put(out, "<figure class=\"chart\" data-kind=\"{}\">\n<div class=\"plot\" role=\"img\" aria-label=\"{}\"></div>\n",
      kind, html_text(sentence));
  put(out, "<script type=\"application/json\">{}</script>\n", data.take());
}

void put_caption(std::string& out, std::string_view caption) { put(out, "<figcaption>{}</figcaption>\n", caption); }

void open_figures(std::string& out) { out += "<details><summary>Figures as a table</summary>\n"; }

void close_chart(std::string& out) { out += "</details>\n</figure>\n"; }

}  // namespace circuit::analysis
