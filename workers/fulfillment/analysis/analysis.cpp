#include "workers/fulfillment/analysis/analysis.hpp"

#include <utility>

#include "broker/daemon/version.hpp"
#include "workers/fulfillment/analysis/columns/missing_map.hpp"
#include "workers/fulfillment/analysis/columns/table.hpp"
#include "workers/fulfillment/analysis/findings/findings.hpp"
#include "workers/fulfillment/analysis/findings/missing_patterns.hpp"
#include "workers/fulfillment/analysis/relations/relate.hpp"
#include "workers/fulfillment/analysis/report/html_report.hpp"
#include "workers/fulfillment/analysis/report/json_report.hpp"
#include "workers/fulfillment/analysis/report/text_report.hpp"
#include "workers/fulfillment/analysis/series/series.hpp"

namespace circuit::analysis {

std::variant<Analysis, Failure> examine(Source& source, const Limits& limits) {
  auto outcome = read_table(source, limits);
  if (auto* failure = std::get_if<Failure>(&outcome)) return std::move(*failure);
  Table& table = std::get<Table>(outcome);
  Analysis analysis;
  analysis.version = daemon::version;
  analysis.file = std::move(table.file);
  analysis.missing_map = missing_map(table.columns, analysis.file.rows);
  std::vector<ColumnValues> values;
  for (Column& column : table.columns) {
    analysis.columns.push_back(std::move(column.summary));
    values.push_back(std::move(column.values));
  }
  analysis.relations = relate(analysis.columns, values);
  analysis.series = find_series(analysis.columns, values);
  analysis.missing_patterns = find_missing_patterns(analysis.columns, values);
  find_insights(analysis);
  find_quality(analysis);
  return analysis;
}

Report write_report(const Analysis& analysis) {
  return {{{"analysis.json", json_report(analysis)},
           {"report.html", html_report(analysis)},
           {"summary.txt", text_report(analysis)}}};
}

std::variant<Report, Failure> analyze(Source& source, const Limits& limits) {
  auto outcome = examine(source, limits);
  if (auto* failure = std::get_if<Failure>(&outcome)) return std::move(*failure);
  return write_report(std::get<Analysis>(outcome));
}

std::variant<Report, Failure> analyze(std::string_view csv, const Limits& limits) {
  MemorySource source(csv);
  return analyze(source, limits);
}

}  // namespace circuit::analysis
