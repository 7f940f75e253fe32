#include "workers/fulfillment/analysis/report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

// Whole numbers that can only be years read better without separators.
bool holds_years(const ColumnSummary& column) {
  return column.type == ColumnType::integer && column.numbers && column.numbers->min >= 1500 &&
         column.numbers->max <= 2200;
}

}  // namespace

const char* delimiter_name(char delimiter) {
  switch (delimiter) {
    case ';': return "semicolons";
    case '\t': return "tabs";
    case '|': return "vertical bars";
    default: return "commas";
  }
}

std::string bytes_text(std::size_t bytes) {
  if (bytes < 1000) return counted(bytes, "byte");
  const double size = static_cast<double>(bytes);
  if (bytes < 999'950) return fmt::format("{:.1f} kB", size / 1e3);
  return bytes < 999'950'000 ? fmt::format("{:.1f} MB", size / 1e6) : fmt::format("{:.1f} GB", size / 1e9);
}

std::string p_text(double p) {
  if (p < 0.001) return "< 0.001";
  return p > 0.999 ? "> 0.999" : fmt::format("= {:.3f}", p);
}

std::string when_text(std::int64_t us_since_1970, bool is_day) {
  std::string text = moment_text(us_since_1970, is_day);
  if (is_day) return text;
  text.resize(text.find('T') + 9);
  text[text.find('T')] = ' ';
  return text;
}

const char* cycle_name(Cycle cycle) {
  constexpr std::array names = {"hour of the day", "day of the week", "month of the year"};
  return names[static_cast<std::size_t>(cycle)];
}

std::string period_label(Period period, std::int64_t start_us) {
  const std::string moment = when_text(start_us, false);
  const std::string year = moment.substr(0, 4);
  switch (period) {
    case Period::hour: return moment.substr(0, 16);
    case Period::day: return moment.substr(0, 10);
    case Period::week: return "week of " + moment.substr(0, 10);
    case Period::month: return moment.substr(0, 7);
    case Period::quarter: return fmt::format("{} Q{}", year, (std::atoi(moment.c_str() + 5) + 2) / 3);
    case Period::year: return year;
  }
  return moment;
}

std::string measure_text(const Relation& relation) {
  if (relation.association) return fmt::format("V = {:.2f}", relation.association->cramers_v);
  if (relation.difference) return fmt::format("η = {:.2f}", std::sqrt(relation.difference->eta_squared));
  const double r = relation.pearson ? relation.pearson->r : 0;
  if (relation.spearman && std::fabs(relation.spearman->r) > std::fabs(r))
    return fmt::format("ρ = {:.2f}", relation.spearman->r);
  return fmt::format("r = {:.2f}", r);
}

std::size_t rows_compared(const Relation& relation) {
  if (relation.association) return relation.association->n;
  if (relation.difference) return relation.difference->n;
  return relation.pearson ? relation.pearson->n : relation.spearman ? relation.spearman->n : 0;
}

double p_of(const Relation& relation) {
  if (relation.association) return relation.association->p;
  if (relation.difference) return relation.difference->p;
  const double r = relation.pearson ? std::fabs(relation.pearson->r) : -1;
  if (relation.spearman && std::fabs(relation.spearman->r) > r) return relation.spearman->p;
  return relation.pearson ? relation.pearson->p : 1;
}

std::string value_text(const ColumnSummary& column, double value) {
  if (holds_years(column) && value == std::trunc(value)) return exact_text(value);
  return readable_text(value);
}

std::string glance_text(const ColumnSummary& column) {
  if (column.count == 0) return "no values";
  if (column.dates) {
    const bool is_day = column.dates->is_days;
    return fmt::format("{} to {}", when_text(column.dates->min_us, is_day), when_text(column.dates->max_us, is_day));
  }
  if (column.numbers && column.numbers->min < column.numbers->max)
    return fmt::format("{} to {}, median {}", value_text(column, column.numbers->min),
                       value_text(column, column.numbers->max), value_text(column, column.numbers->median));
  if (column.distinct_is_exact && column.distinct == column.count && column.count > 1) return "all different";
  if (column.top_values.empty()) return fmt::format("{} different", readable_text(column.distinct));
  const TopValue& top = column.top_values.front();
  if (column.distinct == 1) return fmt::format("always {}", top.text);
  return fmt::format("{}{} different, mostly {}", column.distinct_is_exact ? "" : "over ",
                     readable_text(column.distinct), top.text);
}

}  // namespace circuit::analysis
