#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "workers/fulfillment/analysis/findings/names.hpp"
#include "workers/fulfillment/analysis/findings/placeholder.hpp"
#include "workers/fulfillment/analysis/findings/quality_findings.hpp"
#include "workers/fulfillment/analysis/findings/quality_score.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t named_max = 5;

Finding of_columns(const char* kind, double points, std::string text, std::vector<std::size_t> columns) {
  return {.kind = kind,
          .text = std::move(text),
          .score = points,
          .columns = std::move(columns),
          .evidence = Evidence::quality};
}

Finding of_column(const char* kind, double points, std::string text, std::size_t column) {
  Finding finding = of_columns(kind, points, std::move(text), {column});
  finding.evidence = Evidence::column;
  finding.evidence_index = column;
  return finding;
}

// “a” (3), “b” (1).
std::string counted_values(std::span<const TopValue> values) {
  std::string text;
  for (const TopValue& value : values)
    text += (text.empty() ? "" : ", ") + fmt::format("{} ({})", in_quotes(value.text), readable_text(value.count));
  return text;
}

// ---- over all columns ----

void add_missing(std::vector<Finding>& findings, const Analysis& analysis) {
  std::vector<std::size_t> columns;
  std::size_t cells = 0;
  for (std::size_t i = 0; i < analysis.columns.size(); ++i) {
    cells += analysis.columns[i].missing;
    if (analysis.columns[i].missing > 0 && analysis.columns[i].type != ColumnType::empty) columns.push_back(i);
  }
  if (columns.empty()) return;
  std::ranges::stable_sort(
      columns, [&](std::size_t a, std::size_t b) { return analysis.columns[a].missing > analysis.columns[b].missing; });
  std::string worst;
  const std::size_t rows = analysis.file.rows;
  for (std::size_t i = 0; i < std::min(columns.size(), named_max); ++i) {
    const ColumnSummary& column = analysis.columns[columns[i]];
    worst += fmt::format("{}{} ({})", i == 0 ? "" : ", ", in_quotes(column.name), percent_text(column.missing, rows));
  }
  if (columns.size() > named_max) worst += fmt::format(" and {} more", readable_text(columns.size() - named_max));
  findings.push_back(of_columns("missing_values",
                                quality_score(analysis.columns[columns.front()].missing, rows, quality_weight::missing),
                                fmt::format("Values are missing in {} of {}: {}. In all, {} of the cells are empty.",
                                            readable_text(columns.size()), counted(analysis.columns.size(), "column"),
                                            worst, percent_text(cells, rows * analysis.columns.size())),
                                columns));
}

// Those of one type, in one finding.
void add_useless(std::vector<Finding>& findings, const Analysis& analysis, ColumnType type, const char* kind,
                 const char* one, const char* many) {
  std::vector<std::size_t> columns;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < analysis.columns.size(); ++i)
    if (analysis.columns[i].type == type) {
      columns.push_back(i);
      names.push_back(analysis.columns[i].name);
    }
  if (columns.empty()) return;
  findings.push_back(of_columns(kind, quality_score(quality_weight::useless),
                                fmt::format("{} {}.", quoted_list(names, named_max), columns.size() == 1 ? one : many),
                                columns));
}

// ---- one column ----

void add_invalid(std::vector<Finding>& findings, const ColumnSummary& column, std::size_t index, std::size_t rows) {
  if (column.invalid == 0) return;
  const char* kind_of_value = column.is_date() ? "date" : "number";
  findings.push_back(
      of_column("invalid_values", quality_score(column.invalid, rows, quality_weight::wrong_values),
                fmt::format("{} has {} {} no {}{}, such as {}; {} left out of its figures.", in_quotes(column.name),
                            counted(column.invalid, "value"), column.invalid == 1 ? "that is" : "that are",
                            kind_of_value, column.invalid == 1 ? "" : "s", counted_values(column.invalid_values),
                            column.invalid == 1 ? "it is" : "they are"),
                index));
}

// Nearly all different, and by name or kind an identifier: those that come again are suspicious.
void add_repeats(std::vector<Finding>& findings, const ColumnSummary& column, std::size_t index) {
  constexpr std::size_t nearly = 20;  // at most one in twenty
  const bool is_named = is_identifier_name(column.name) && (column.type == ColumnType::text || column.is_numeric());
  if (!(column.type == ColumnType::identifier || is_named) || !column.distinct_is_exact || column.count == 0) return;
  const std::size_t repeats = column.count - std::min(column.distinct, column.count);
  if (repeats == 0 || repeats * nearly > column.count) return;
  std::vector<TopValue> repeated;
  for (const TopValue& top : column.top_values)
    if (top.count > 1 && repeated.size() < 3) repeated.push_back(top);
  findings.push_back(
      of_column("identifier_repeats", quality_score(repeats, column.count, quality_weight::repeated) + 30,
                fmt::format("{} looks like an identifier, but {} of its {} values {} already used in an earlier row{}.",
                            in_quotes(column.name), readable_text(repeats), readable_text(column.count),
                            repeats == 1 ? "was" : "were",
                            repeated.empty() ? "" : fmt::format(", such as {}", counted_values(repeated))),
                index));
}

// In small ASCII letters, without spaces at the ends and with one between words.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == ' ' || c == '\t') {
      if (!result.empty() && result.back() != ' ') result += ' ';
      continue;
    }
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (result.ends_with(' ')) result.pop_back();
  return result;
}

void add_spellings(std::vector<Finding>& findings, const ColumnSummary& column, std::size_t index, std::size_t rows) {
  if (column.type != ColumnType::category && column.type != ColumnType::text) return;
  std::map<std::string, std::vector<TopValue>> spellings;
  for (const TopValue& top : column.top_values) spellings[plain(top.text)].push_back(top);
  std::size_t rare = 0;
  std::string examples;
  for (const auto& [key, values] : spellings) {
    if (values.size() < 2) continue;
    for (std::size_t i = 1; i < values.size(); ++i) rare += values[i].count;
    examples += (examples.empty() ? "" : "; ") + counted_values(values);
  }
  if (examples.empty()) return;
  findings.push_back(
      of_column("spellings", quality_score(rare, rows, quality_weight::wrong_values),
                fmt::format("{} has the same value in several spellings, which are counted as different ones: {}.",
                            in_quotes(column.name), examples),
                index));
}

void add_placeholder(std::vector<Finding>& findings, const ColumnSummary& column, std::size_t index, std::size_t rows) {
  const auto placeholder = placeholder_of(column);
  if (!placeholder) return;
  const std::string many = placeholder->count == 0 ? "" : " in " + counted(placeholder->count, "row");
  const char* why = column.is_date() ? "far more often than any other date" : "far from all other values";
  findings.push_back(of_column(
      "placeholder",
      quality_score(std::max<std::size_t>(placeholder->count, 1), rows, quality_weight::wrong_values) + 30,
      fmt::format(
          "{} holds {}{}, {}: most likely it stands for “unknown”. It counts like any other value in all figures.",
          in_quotes(column.name), placeholder->text, many, why),
      index));
}

void add_unit(std::vector<Finding>& findings, const ColumnSummary& column, std::size_t index) {
  if (!column.numbers || column.numbers->unit.empty()) return;
  findings.push_back(of_column("units", quality_score(quality_weight::remark),
                               fmt::format("The numbers in {} are written with {}; they were read without it.",
                                           in_quotes(column.name), in_quotes(column.numbers->unit)),
                               index));
}

void add_dates(std::vector<Finding>& findings, const ColumnSummary& column, std::size_t index) {
  if (!column.dates || !column.dates->order_is_assumed) return;
  findings.push_back(of_column(
      "date_order", quality_score(quality_weight::misread),
      fmt::format(
          "Day and month in {} may be the other way round: no day is beyond the twelfth, and it was read as {}.",
          in_quotes(column.name), column.dates->format),
      index));
}

// Once for each date column: all of its series have the same rows.
void add_far_dates(std::vector<Finding>& findings, const Analysis& analysis) {
  std::vector<std::size_t> done;
  for (const TimeSeries& series : analysis.series) {
    if (series.rows_left_out == 0 || std::ranges::count(done, series.date) > 0) continue;
    done.push_back(series.date);
    const ColumnSummary& column = analysis.columns[series.date];
    findings.push_back(of_column(
        "far_dates", quality_score(series.rows_left_out, analysis.file.rows_kept, quality_weight::wrong_values) + 20,
        fmt::format(
            "{} in {} far away from all others (the dates go from {} to {}): slips or placeholders, most likely. "
            "{} left out of all series.",
            counted(series.rows_left_out, "date") + (series.rows_left_out == 1 ? " lies" : " lie"),
            in_quotes(column.name), column.dates->earliest, column.dates->latest,
            series.rows_left_out == 1 ? "It is" : "They are"),
        series.date));
  }
}

}  // namespace

std::vector<Finding> column_quality(const Analysis& analysis) {
  std::vector<Finding> findings;
  const std::size_t rows = analysis.file.rows;
  add_missing(findings, analysis);
  add_useless(findings, analysis, ColumnType::empty, "empty_columns", "is empty", "are empty");
  add_useless(findings, analysis, ColumnType::constant, "constant_columns", "has the same value in all of its rows",
              "have the same value in all of their rows each");
  add_far_dates(findings, analysis);
  for (std::size_t i = 0; i < analysis.columns.size(); ++i) {
    const ColumnSummary& column = analysis.columns[i];
    add_invalid(findings, column, i, rows);
    add_repeats(findings, column, i);
    add_spellings(findings, column, i, rows);
    add_placeholder(findings, column, i, rows);
    add_unit(findings, column, i);
    add_dates(findings, column, i);
  }
  return findings;
}

}  // namespace circuit::analysis
