#include "workers/fulfillment/analysis/analysis.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "workers/fulfillment/analysis/column.hpp"
#include "workers/fulfillment/analysis/correlation.hpp"
#include "workers/fulfillment/analysis/dialect.hpp"
#include "workers/fulfillment/analysis/html_report.hpp"
#include "workers/fulfillment/analysis/input.hpp"
#include "workers/fulfillment/analysis/json_report.hpp"
#include "workers/fulfillment/analysis/notes.hpp"
#include "workers/fulfillment/analysis/number_text.hpp"
#include "workers/fulfillment/analysis/table.hpp"
#include "workers/fulfillment/analysis/text_report.hpp"

namespace circuit::analysis {
namespace {

FileFacts facts_of(const Table& table, const Dialect& dialect, std::size_t bytes) {
  return {.bytes = bytes,
          .rows = table.rows,
          .columns = table.columns.size(),
          .delimiter = dialect.delimiter,
          .has_header = dialect.has_header,
          .short_rows = table.short_rows,
          .long_rows = table.long_rows,
          .blank_lines = table.blank_lines,
          .stray_quotes = table.stray_quotes};
}

void correlate_columns(Analysis& analysis, const std::vector<Series>& series, std::size_t numeric_columns) {
  Correlations correlations = correlate(series);
  analysis.correlations = std::move(correlations.pairs);
  analysis.undefined_correlations = correlations.undefined;
  if (numeric_columns > series.size())
    analysis.notes.push_back(fmt::format("Only the first {} of {} numeric columns are compared with each other.",
                                         readable_text(series.size()), readable_text(numeric_columns)));
}

Analysis analyze_table(const Table& table, const Dialect& dialect, std::size_t bytes, const Limits& limits) {
  Analysis analysis;
  analysis.file = facts_of(table, dialect, bytes);
  analysis.notes = table_notes(table);
  std::vector<Series> series;
  std::size_t numeric_columns = 0;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    ColumnResult result = summarize(table.names[i], table.columns[i], table.rows, limits.distinct_max);
    analysis.notes.insert(analysis.notes.end(), result.notes.begin(), result.notes.end());
    if (result.summary.is_numeric() && ++numeric_columns <= correlated_columns_max) {
      result.series.column = i;
      series.push_back(std::move(result.series));
    }
    analysis.columns.push_back(std::move(result.summary));
  }
  correlate_columns(analysis, series, numeric_columns);
  return analysis;
}

}  // namespace

std::variant<Report, Failure> analyze(std::string_view csv, const Limits& limits) {
  if (auto failure = refuse_input(csv, limits)) return std::move(*failure);
  const std::string_view text = without_byte_order_mark(csv);
  const Dialect dialect = detect_dialect(text);
  auto table = read_table(text, dialect, limits);
  if (auto* failure = std::get_if<Failure>(&table)) return std::move(*failure);
  const Analysis analysis = analyze_table(std::get<Table>(table), dialect, csv.size(), limits);
  return Report{{{"analysis.json", json_report(analysis)},
                 {"report.html", html_report(analysis)},
                 {"summary.txt", text_report(analysis)}}};
}

}  // namespace circuit::analysis
