#include <algorithm>

#include "workers/fulfillment/analysis/report/json_parts.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

using Layout = JsonWriter::Layout;

void write_outliers(JsonWriter& json, const char* key, const Outliers& outliers) {
  json.key(key);
  json.begin_object(Layout::one_line);
  json.member("low", outliers.low);
  json.member("high", outliers.high);
  json.member("below", outliers.below);
  json.member("above", outliers.above);
  json.end();
}

void write_normality(JsonWriter& json, const std::optional<Normality>& normality) {
  json.key("normality");
  if (!normality) return json.null();
  json.begin_object(Layout::one_line);
  json.member("k_squared", normality->k_squared);
  json.member("p", normality->p);
  json.end();
}

void write_numbers(JsonWriter& json, const NumberSummary& numbers) {
  json.begin_object();
  json.member("min", numbers.min);
  json.member("max", numbers.max);
  json.member("sum", numbers.sum);
  json.member("mean", numbers.mean);
  json.member("variance", numbers.variance);
  json.member("standard_deviation", numbers.standard_deviation);
  json.member("skewness", numbers.skewness);
  json.member("kurtosis", numbers.kurtosis);
  json.member("percentile_5", numbers.percentile_5);
  json.member("first_quartile", numbers.first_quartile);
  json.member("median", numbers.median);
  json.member("third_quartile", numbers.third_quartile);
  json.member("percentile_95", numbers.percentile_95);
  json.member("median_absolute_deviation", numbers.median_absolute_deviation);
  write_outliers(json, "tukey", numbers.tukey);
  if (numbers.robust)
    write_outliers(json, "robust", *numbers.robust);
  else
    json.key("robust"), json.null();
  write_normality(json, numbers.normality);
  json.member("zeros", numbers.zeros);
  json.member("negatives", numbers.negatives);
  json.member("top_tenth_share", numbers.top_tenth_share);
  json.member("unit", numbers.unit);
  json.member("order_n", numbers.order_n);
  json.end();
}

void write_dates(JsonWriter& json, const DateSummary& dates) {
  json.begin_object();
  json.member("min", rfc3339_text(dates.min_us));
  json.member("max", rfc3339_text(dates.max_us));
  json.member("earliest", dates.earliest);
  json.member("latest", dates.latest);
  json.member("format", dates.format);
  json.member("is_days", dates.is_days);
  json.member("is_ascending", dates.is_ascending);
  json.member("order_is_assumed", dates.order_is_assumed);
  json.end();
}

void write_texts(JsonWriter& json, const TextSummary& texts) {
  json.begin_object(Layout::one_line);
  json.member("length_min", texts.length_min);
  json.member("length_max", texts.length_max);
  json.member("length_mean", texts.length_mean);
  json.end();
}

void write_values(JsonWriter& json, const char* key, const std::vector<TopValue>& values) {
  json.key(key);
  json.begin_array();
  for (const TopValue& value : values) {
    json.begin_object(Layout::one_line);
    json.member("text", value.text);
    json.member("count", value.count);
    json.end();
  }
  json.end();
}

void write_distribution(JsonWriter& json, const Distribution& distribution, bool is_date) {
  json.begin_object();
  json.key("edges");
  json.begin_array(Layout::one_line);
  for (const double edge : distribution.edges)
    is_date ? json.string(rfc3339_text(static_cast<std::int64_t>(edge))) : json.number(edge);
  json.end();
  json.key("counts");
  json.begin_array(Layout::one_line);
  for (const std::size_t count : distribution.counts) json.number(count);
  json.end();
  json.end();
}

template <class Part, class Write>
void write_optional(JsonWriter& json, const char* key, const std::optional<Part>& part, Write write) {
  json.key(key);
  part ? write(json, *part) : json.null();
}

}  // namespace

std::string rfc3339_text(std::int64_t us_since_1970) {
  constexpr std::int64_t second_us = 1'000'000;
  constexpr std::int64_t first_us = -62'167'219'200 * second_us;     // 0000-01-01T00:00:00Z
  constexpr std::int64_t last_us = 253'402'300'800 * second_us - 1;  // the last one of 9999
  return moment_text(std::clamp(us_since_1970, first_us, last_us), false);
}

void write_column(JsonWriter& json, const ColumnSummary& column) {
  json.begin_object();
  json.member("name", column.name);
  json.member("type", type_name(column.type));
  json.member("confidence", column.confidence);
  json.member("reason", column.reason);
  json.member("count", column.count);
  json.member("missing", column.missing);
  json.member("invalid", column.invalid);
  write_values(json, "invalid_values", column.invalid_values);
  json.member("distinct", column.distinct);
  json.member("distinct_is_exact", column.distinct_is_exact);
  write_values(json, "top_values", column.top_values);
  write_optional(json, "numbers", column.numbers, write_numbers);
  write_optional(json, "dates", column.dates, write_dates);
  write_optional(json, "texts", column.texts, write_texts);
  write_optional(json, "distribution", column.distribution, [&](JsonWriter& out, const Distribution& distribution) {
    write_distribution(out, distribution, column.dates.has_value());
  });
  json.end();
}

}  // namespace circuit::analysis
