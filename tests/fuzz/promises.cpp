#include "tests/fuzz/promises.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string_view>

#include "workers/fulfillment/analysis/text/utf8.hpp"

namespace circuit::fuzz {
namespace {

using namespace analysis;

void check_text(const std::string& text) {
  require(find_invalid_utf8(text) == std::string_view::npos, "a text is UTF-8");
  require(count_code_points(text) <= text_code_points_max, "a text is clipped");
}

void check_share(double share) {
  require(std::isfinite(share) && share >= 0 && share <= 1, "a share, a strength or a p-value is from 0 to 1");
}

void check_top(const std::vector<TopValue>& values, std::size_t most, std::size_t rows) {
  require(values.size() <= most, "there are not too many top values");
  std::size_t sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    check_text(values[i].text);
    require(i == 0 || values[i].count <= values[i - 1].count, "top values fall");
    sum += values[i].count;
  }
  require(sum <= rows, "top values are values of the column");
}

void check_numbers(const NumberSummary& numbers) {
  for (const double value : {numbers.sum, numbers.mean, numbers.median_absolute_deviation, numbers.tukey.low,
                             numbers.tukey.high, numbers.top_tenth_share})
    require(std::isfinite(value), "a number is finite");
  for (const auto& value : {numbers.variance, numbers.standard_deviation, numbers.skewness, numbers.kurtosis})
    require(!value || std::isfinite(*value), "a number is finite");
  const double order[] = {numbers.min,    numbers.percentile_5,   numbers.first_quartile,
                          numbers.median, numbers.third_quartile, numbers.percentile_95,
                          numbers.max};
  for (const double value : order) require(std::isfinite(value), "a quantile is finite");
  require(std::is_sorted(std::begin(order), std::end(order)), "quantiles are in order");
  require(numbers.mean >= numbers.min && numbers.mean <= numbers.max, "the mean is between minimum and maximum");
  require(!numbers.variance || *numbers.variance >= 0, "a variance is not negative");
  if (numbers.normality) check_share(numbers.normality->p);
}

void check_distribution(const Distribution& distribution) {
  require(distribution.edges.size() == distribution.counts.size() + 1, "a histogram has one more edge than bins");
  require(std::is_sorted(distribution.edges.begin(), distribution.edges.end()), "edges rise");
  for (const double edge : distribution.edges) require(std::isfinite(edge), "an edge is finite");
}

void check_column(const ColumnSummary& column, std::size_t rows) {
  check_text(column.name);
  check_share(column.confidence);
  require(column.count + column.missing + column.invalid == rows, "count, missing and invalid are all rows");
  require(column.distinct <= column.count, "there are at most as many distinct values as values");
  check_top(column.top_values, 10, rows);
  check_top(column.invalid_values, 5, column.invalid);
  if (column.numbers) check_numbers(*column.numbers);
  if (column.distribution) check_distribution(*column.distribution);
  if (column.dates) require(column.dates->min_us <= column.dates->max_us, "dates are in order");
  if (column.texts) require(column.texts->length_min <= column.texts->length_max, "lengths are in order");
}

void check_relation(const Relation& relation, std::size_t columns, std::size_t rows) {
  require(relation.first < columns && relation.second < columns, "a relation is one of columns that are there");
  check_share(relation.strength);
  check_share(relation.p_adjusted);
  for (const auto& correlation : {relation.pearson, relation.spearman}) {
    if (!correlation) continue;
    require(std::abs(correlation->r) <= 1 && correlation->n <= rows, "a correlation is from -1 to 1");
    check_share(correlation->p);
  }
  if (relation.difference) check_share(relation.difference->eta_squared);
  if (relation.association) check_share(relation.association->cramers_v);
  for (const Point& point : relation.points)
    require(std::isfinite(point.x) && std::isfinite(point.y), "a point is finite");
}

void check_series(const TimeSeries& series, std::size_t columns) {
  require(series.date < columns && series.value.value_or(0) < columns, "a series is one of columns that are there");
  for (std::size_t i = 0; i < series.steps.size(); ++i) {
    require(std::isfinite(series.steps[i].value), "a step is finite");
    require(i == 0 || series.steps[i - 1].start_us < series.steps[i].start_us, "steps rise");
  }
  if (series.trend) check_share(series.trend->p);
  for (const Season& season : series.seasons) check_share(season.share);
}

void check_findings(const std::vector<Finding>& findings, const Analysis& analysis) {
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = findings[i];
    require(!finding.kind.empty() && !finding.text.empty(), "a finding says something");
    require(finding.score >= 0 && finding.score <= 100, "a score is from 0 to 100");
    require(i == 0 || finding.score <= findings[i - 1].score, "scores fall");
    for (const std::size_t column : finding.columns)
      require(column < analysis.columns.size(), "a finding is about columns that are there");
    const std::size_t evidence[] = {analysis.columns.size(), analysis.relations.pairs.size(), analysis.series.size()};
    require(finding.evidence == Evidence::quality ||
                finding.evidence_index < evidence[static_cast<std::size_t>(finding.evidence)],
            "a finding's evidence is there");
  }
}

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t times = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) ++times;
  return times;
}

void check_harmless(const std::string& text) {
  require(find_invalid_utf8(text) == std::string_view::npos, "a file is UTF-8");
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code_point = next_code_point(text, at);
    require(code_point == '\n' || code_point == '\t' || !is_unsafe(code_point),
            "nothing drives a terminal or turns text around");
  }
}

void check_html(const std::string& html) {
  check_harmless(html);
  // The corpus and the dictionary hold the word; no page of ours does.
  require(html.find("<xyzzy") == std::string::npos, "a tag of the input is no tag of the page");
  require(html.find("</xyzzy") == std::string::npos, "an end tag of the input is none of the page");
  require(count(html, "<script") == count(html, "</script"), "every script that begins ends");
  // Within a script an end alone is a text like others.
  require(html.find("<!--") == std::string::npos, "no comment begins");
}

void check_json(const std::string& text, const Analysis& analysis) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  require(json.is_object(), "the JSON parses");
  const auto columns = json.find("columns");
  require(columns != json.end() && columns->size() == analysis.columns.size(), "the JSON has all columns");
}

}  // namespace

void check_failure(const Failure& failure) {
  require(!failure.code.empty() &&
              failure.code.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos,
          "a failure has a code");
  require(failure.message.ends_with('.'), "a failure has a sentence");
  check_harmless(failure.message);
}

void check_analysis(const Analysis& analysis) {
  const FileFacts& file = analysis.file;
  require(file.columns == analysis.columns.size() && file.columns > 0 && file.rows > 0, "there are columns and rows");
  require(file.rows_kept <= file.rows && file.duplicate_rows < file.rows, "rows are counted once");
  check_share(file.delimiter_confidence);
  check_share(file.header_confidence);
  for (const ColumnSummary& column : analysis.columns) check_column(column, file.rows);
  for (const Relation& relation : analysis.relations.pairs)
    check_relation(relation, analysis.columns.size(), file.rows);
  for (const TimeSeries& series : analysis.series) check_series(series, analysis.columns.size());
  check_findings(analysis.insights, analysis);
  check_findings(analysis.quality, analysis);
}

void check_report(const Report& report, const Analysis& analysis) {
  require(report.files.size() == 3, "there are three files");
  require(report.files[0].name == "analysis.json" && report.files[1].name == "report.html" &&
              report.files[2].name == "summary.txt",
          "the files have their names");
  check_json(report.files[0].content, analysis);
  check_html(report.files[1].content);
  check_harmless(report.files[2].content);
}

}  // namespace circuit::fuzz
