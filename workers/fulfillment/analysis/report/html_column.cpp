#include "workers/fulfillment/analysis/report/html_column.hpp"

#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/report/histogram_chart.hpp"
#include "workers/fulfillment/analysis/report/html_table.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

std::string with_share(std::size_t count, std::size_t whole) {
  if (count == 0) return "0";
  return fmt::format("{} <small>{}</small>", readable_text(count), html_text(percent_text(count, whole)));
}

void put_optional(std::string& out, const char* label, const std::optional<double>& value) {
  put_fact(out, label, value ? html_number(*value) : "–");
}

// Figures without a unit of their own, of which nobody needs six digits.
void put_shape(std::string& out, const char* label, const std::optional<double>& value) {
  put_fact(out, label, value ? with_minus_signs(about(*value)) : "–");
}

void write_counts(std::string& out, const ColumnSummary& column, std::size_t rows) {
  put_fact(out, "Values", readable_text(column.count));
  put_fact(out, "Missing", with_share(column.missing, rows));
  if (column.invalid > 0) put_fact(out, "Not readable", with_share(column.invalid, rows));
  put_fact(out, "Different", (column.distinct_is_exact ? "" : "over ") + readable_text(column.distinct));
}

void write_outliers(std::string& out, const char* label, const Outliers& outliers, std::size_t n) {
  put_fact(out, label, with_share(outliers.count(), n));
}

void write_numbers(std::string& out, const ColumnSummary& column) {
  const NumberSummary& numbers = *column.numbers;
  const auto fact = [&](const char* label, double value) { put_fact(out, label, html_number(column, value)); };
  fact("Smallest", numbers.min);
  fact("5th percentile", numbers.percentile_5);
  fact("First quartile", numbers.first_quartile);
  fact("Median", numbers.median);
  fact("Third quartile", numbers.third_quartile);
  fact("95th percentile", numbers.percentile_95);
  fact("Largest", numbers.max);
  fact("Mean", numbers.mean);
  put_optional(out, "Standard deviation", numbers.standard_deviation);
  put_fact(out, "MAD", html_number(numbers.median_absolute_deviation));
  put_fact(out, "Sum", html_number(numbers.sum));
  put_shape(out, "Skewness", numbers.skewness);
  put_shape(out, "Excess kurtosis", numbers.kurtosis);
  put_fact(out, "Zeros", with_share(numbers.zeros, column.count));
  put_fact(out, "Negative", with_share(numbers.negatives, column.count));
  write_outliers(out, "Outliers, 1.5 IQR", numbers.tukey, numbers.order_n);
  if (numbers.robust) write_outliers(out, "Outliers, robust z", *numbers.robust, numbers.order_n);
  if (numbers.normality)
    put_fact(out, "Normal?",
             fmt::format("{} <small>p {}</small>", numbers.normality->p < 0.05 ? "no" : "maybe",
                         html_text(p_text(numbers.normality->p))));
  if (numbers.top_tenth_share > 0) put_fact(out, "Top tenth holds", html_text(share_text(numbers.top_tenth_share)));
  if (!numbers.unit.empty()) put_fact(out, "Unit", "<bdi>" + html_text(numbers.unit, short_name_max) + "</bdi>");
}

void write_dates(std::string& out, const DateSummary& dates) {
  put_fact(out, "First", when_text(dates.min_us, dates.is_days));
  put_fact(out, "Last", when_text(dates.max_us, dates.is_days));
  put_fact(out, "Written as", html_text(dates.format, short_name_max));
  put_fact(out, "In order", dates.is_ascending ? "yes" : "no");
  if (dates.order_is_assumed) put_fact(out, "Day and month", "could be swapped");
}

void write_texts(std::string& out, const TextSummary& texts) {
  put_fact(out, "Shortest", counted(texts.length_min, "character"));
  put_fact(out, "Longest", counted(texts.length_max, "character"));
  put_fact(out, "Mean length", about(texts.length_mean));
}

void write_facts(std::string& out, const ColumnSummary& column, std::size_t rows) {
  out += "<dl class=\"facts\">\n";
  write_counts(out, column, rows);
  if (column.numbers && column.count > 0) write_numbers(out, column);
  if (column.dates) write_dates(out, *column.dates);
  if (column.texts) write_texts(out, *column.texts);
  out += "</dl>\n";
}

// A table whose bars are its chart: they need no script, and long labels wrap. The longest bar is that of the most
// frequent value.
void write_values(std::string& out, const char* caption, const ColumnSummary& column,
                  const std::vector<TopValue>& values, std::size_t whole) {
  open_table(out, caption, {{"Value"}, {"Rows", true}, {"Share", true}});
  const auto most = static_cast<double>(std::max<std::size_t>(1, values.front().count));
  for (const TopValue& value : values)
    put(out,
        "<tr><th scope=\"row\"><bdi>{}</bdi></th><td class=\"number metered is-{}\"><span class=\"meter\" "
        "style=\"--share:{:.3f}\">{}</span></td><td class=\"number\">{}</td></tr>\n",
        html_text(value.text, value_max), type_name(column.type), static_cast<double>(value.count) / most,
        readable_text(value.count), html_text(percent_text(value.count, whole)));
  close_table(out);
}

void write_top_values(std::string& out, const ColumnSummary& column) {
  const bool is_all_different = column.distinct_is_exact && column.distinct == column.count && column.count > 1;
  if (column.top_values.empty() || is_all_different) return;
  const bool is_aside = column.distribution.has_value();
  if (is_aside) out += "<details><summary>Most frequent values</summary>\n";
  write_values(out,
               column.distinct_is_exact ? "Most frequent values" : "Most frequent values among those that came first",
               column, column.top_values, column.count);
  if (is_aside) out += "</details>\n";
}

}  // namespace

void write_column_card(std::string& out, const ColumnSummary& column, std::size_t index, std::size_t rows) {
  put(out,
      "<article id=\"column-{}\" class=\"column\" data-filter>\n<h3>{} <span class=\"type is-{}\">{}</span></h3>\n",
      index + 1, html_name(column, name_max), type_name(column.type), type_name(column.type));
  put(out, "<p class=\"reason\">{}% sure: {}</p>\n", html_number(std::floor(1000 * column.confidence) / 10),
      html_sentence(column.reason, value_max * 3));
  if (column.distribution) write_histogram(out, column);
  write_facts(out, column, rows);
  write_top_values(out, column);
  if (!column.invalid_values.empty())
    write_values(out, "Not readable as this type, and left out of all figures", column, column.invalid_values,
                 column.invalid);
  out += "</article>\n";
}

}  // namespace circuit::analysis
