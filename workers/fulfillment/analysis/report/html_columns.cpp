// Every column in a table, and a card for each until the page is full.
#include <algorithm>

#include "workers/fulfillment/analysis/report/evidence.hpp"
#include "workers/fulfillment/analysis/report/html_column.hpp"
#include "workers/fulfillment/analysis/report/html_sections.hpp"
#include "workers/fulfillment/analysis/report/html_table.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/page_parts.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

// What the sections behind the columns need at most, so that the page stays below page_bytes_max.
constexpr std::size_t rest_bytes_max = 250'000;
constexpr std::size_t sparks_shown = 200;
constexpr std::size_t spark_bars_max = 40;
constexpr std::size_t filter_from_columns = 10;

std::vector<std::size_t> spark_counts(const ColumnSummary& column) {
  if (column.distribution) return column.distribution->counts;
  std::vector<std::size_t> counts;
  for (const TopValue& value : column.top_values) counts.push_back(value.count);
  return counts;
}

// The shape of a column in a word's size: bars as one path. Decoration only; the card has the chart.
void put_spark(std::string& out, const ColumnSummary& column) {
  std::vector<std::size_t> counts = spark_counts(column);
  if (column.distinct < 2 || counts.size() < 2) return;
  while (counts.size() > spark_bars_max) {
    for (std::size_t i = 0; i < counts.size(); i += 2)
      counts[i / 2] = counts[i] + (i + 1 < counts.size() ? counts[i + 1] : 0);
    counts.resize((counts.size() + 1) / 2);
  }
  const std::size_t tallest = std::max<std::size_t>(1, std::ranges::max(counts));
  put(out,
      "<svg class=\"spark\" viewBox=\"0 0 {} 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path d=\"M0 20",
      counts.size());
  for (const std::size_t count : counts)
    put(out, "V{}h.85V20h.15", 20 - (count == 0 ? 0 : std::max<std::size_t>(1, 20 * count / tallest)));
  out += "z\"/></svg>";
}

void write_index_row(std::string& out, const Analysis& analysis, std::size_t index, bool has_card) {
  const ColumnSummary& column = analysis.columns[index];
  if (has_card)
    put(out, "<tr data-filter><th scope=\"row\"><a href=\"#column-{}\">{}</a></th>", index + 1, html_name(column));
  else
    put(out, "<tr data-filter id=\"column-{}\"><th scope=\"row\">{}</th>", index + 1, html_name(column));
  put(out, "<td><span class=\"type is-{0}\">{0}</span></td>", type_name(column.type));
  put_number_cell(out, html_text(percent_text(column.missing, analysis.file.rows)));
  put_number_cell(out, (column.distinct_is_exact ? "" : "over ") + readable_text(column.distinct));
  put(out, "<td class=\"glance\"><bdi>{}</bdi></td><td class=\"is-{}\">",
      html_sentence(glance_text(column), short_name_max), type_name(column.type));
  if (index < sparks_shown) put_spark(out, column);
  out += "</td></tr>\n";
}

void write_filter(std::string& out) {
  out +=
      "<form class=\"filter\" role=\"search\" hidden><label for=\"filter\">Find a column by name or type</label> "
      "<input id=\"filter\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\"> "
      "<output for=\"filter\"></output></form>\n";
}

std::string index_of(const Analysis& analysis, const std::vector<bool>& has_card) {
  std::string out;
  if (analysis.columns.size() >= filter_from_columns) write_filter(out);
  open_table(out, "Every column, in the order of the file",
             {{"Column"}, {"Type"}, {"Missing", true}, {"Different", true}, {"At a glance"}, {"Shape"}});
  for (std::size_t i = 0; i < analysis.columns.size(); ++i) write_index_row(out, analysis, i, has_card[i]);
  close_table(out);
  return out;
}

// Columns that findings point at come first to a card, then those at the front of the file. Empty: no card.
std::vector<std::string> cards_of(const Analysis& analysis, std::size_t bytes_left) {
  std::vector<std::string> cards(analysis.columns.size());
  const std::vector<bool> is_cited = cited(analysis, Evidence::column, cards.size());
  for (const bool turn : {true, false})
    for (std::size_t i = 0; i < cards.size(); ++i) {
      if (is_cited[i] != turn) continue;
      std::string card;
      write_column_card(card, analysis.columns[i], i, analysis.file.rows);
      if (card.size() > bytes_left) return cards;
      bytes_left -= card.size();
      cards[i] = std::move(card);
    }
  return cards;
}

}  // namespace

void write_columns(std::string& out, const Analysis& analysis) {
  open_section(out, "columns", "Columns");
  out +=
      "<p class=\"intro\">Each column with its type, its figures and how its values are spread. In a histogram of "
      "numbers, lines "
      "mark the median and the mean; the box below spans the middle half of the values, its line the middle nine "
      "tenths.</p>\n";
  // A row that links to a card is the longer one, so the index is never longer than this.
  const std::vector<bool> all(analysis.columns.size(), true);
  const std::size_t bytes_spent = out.size() + index_of(analysis, all).size() + page_script.size() + rest_bytes_max;
  const std::vector<std::string> cards =
      cards_of(analysis, bytes_spent < page_bytes_max ? page_bytes_max - bytes_spent : 0);
  std::vector<bool> has_card;
  for (const std::string& card : cards) has_card.push_back(!card.empty());
  out += index_of(analysis, has_card);
  for (const std::string& card : cards) out += card;
  const auto without_card = static_cast<std::size_t>(std::ranges::count(has_card, false));
  if (without_card > 0)
    put(out,
        "<p class=\"rest\">{} without a card here, to keep this page small: {} in analysis.json, with all "
        "figures.</p>\n",
        counted(without_card, "column"), without_card == 1 ? "it is" : "they are");
  if (analysis.file.columns_left_out > 0)
    put(out, "<p class=\"rest\">{} beyond what can be analyzed {} left out.</p>\n",
        counted(analysis.file.columns_left_out, "column"), analysis.file.columns_left_out == 1 ? "was" : "were");
  out += "</section>\n";
}

}  // namespace circuit::analysis
