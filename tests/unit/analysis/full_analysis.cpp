#include "tests/unit/analysis/full_analysis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

namespace circuit::analysis {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::int64_t first_day_us = 19'358 * day_us;  // 2023-01-01, a Sunday
constexpr std::size_t days = 730;
constexpr double pi = 3.14159265358979323846;

// Numerical Recipes' "quick and dirty" generator: the same numbers everywhere.
struct Dice {
  std::uint32_t state = 7;
  double roll() {
    state = state * 1664525u + 1013904223u;
    return static_cast<double>(state >> 8) / 16777216.0;
  }
  double bell() { return roll() + roll() + roll() + roll() - 2; }  // about normal, standard deviation 0.58
};

struct Day {
  double temperature = 0, rain = 0, visitors = 0, revenue = 0;
  std::size_t sky = 0, tent = 0;
  bool is_weekend = false;
};

constexpr std::array<const char*, 4> skies = {"sun", "cloud", "rain", "fog"};
constexpr std::array<const char*, 3> tents = {"none", "small", "large"};

std::vector<Day> two_years() {
  Dice dice;
  std::vector<Day> result(days);
  for (std::size_t i = 0; i < days; ++i) {
    Day& day = result[i];
    const double season = -std::cos(2 * pi * static_cast<double>(i) / 365.25);
    day.is_weekend = i % 7 == 0 || i % 7 == 6;
    day.temperature = std::round(10 * (12 + 9.5 * season + 4 * dice.bell() + 0.001 * static_cast<double>(i))) / 10;
    const double wet = dice.roll() - 0.15 * season;
    day.sky = wet < 0.4 ? 0 : wet < 0.7 ? 1 : wet < 0.95 ? 2 : 3;
    day.rain = day.sky == 2 ? std::round(-90 * std::log(1 - dice.roll() * 0.98)) / 10 : 0;
    day.tent = day.sky == 2 ? (dice.roll() < 0.7 ? 2u : 1u) : (dice.roll() < 0.8 ? 0u : 1u);
    day.visitors = std::round(std::max(0.0, 120 + 9 * day.temperature - 4 * day.rain + (day.is_weekend ? 130 : 0) +
                                                60 * dice.bell() + 0.08 * static_cast<double>(i)));
    day.revenue = std::round(100 * day.visitors * (3.1 + 0.4 * dice.bell())) / 100;
  }
  return result;
}

double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[std::min(low + 1, sorted.size() - 1)] - sorted[low]);
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Outliers outside(const std::vector<double>& sorted, double low, double high) {
  Outliers result{low, high, 0, 0};
  for (const double value : sorted) {
    result.below += value < low;
    result.above += value > high;
  }
  return result;
}

NumberSummary numbers_of(std::vector<double> sorted) {
  std::ranges::sort(sorted);
  const double n = static_cast<double>(sorted.size());
  NumberSummary result;
  result.min = sorted.front();
  result.max = sorted.back();
  result.mean = mean_of(sorted);
  result.sum = result.mean * n;
  std::vector<double> distances;
  double squares = 0, cubes = 0, fourths = 0;
  result.median = quantile(sorted, 0.5);
  for (const double value : sorted) {
    const double off = value - result.mean;
    squares += off * off;
    cubes += off * off * off;
    fourths += off * off * off * off;
    distances.push_back(std::fabs(value - result.median));
    result.zeros += value == 0;
    result.negatives += value < 0;
  }
  std::ranges::sort(distances);
  result.variance = squares / (n - 1);
  result.standard_deviation = std::sqrt(*result.variance);
  result.skewness = cubes / n / std::pow(squares / n, 1.5);
  result.kurtosis = fourths / n / std::pow(squares / n, 2) - 3;
  result.percentile_5 = quantile(sorted, 0.05);
  result.first_quartile = quantile(sorted, 0.25);
  result.third_quartile = quantile(sorted, 0.75);
  result.percentile_95 = quantile(sorted, 0.95);
  result.median_absolute_deviation = quantile(distances, 0.5);
  const double range = result.third_quartile - result.first_quartile;
  result.tukey = outside(sorted, result.first_quartile - 1.5 * range, result.third_quartile + 1.5 * range);
  if (const double far = 3.5 * result.median_absolute_deviation / 0.6745; far > 0)
    result.robust = outside(sorted, result.median - far, result.median + far);
  result.normality = Normality{18.4, 0.0001};
  result.top_tenth_share = result.negatives > 0 ? 0 : 0.23;
  result.order_n = sorted.size();
  return result;
}

Distribution distribution_of(const std::vector<double>& values, std::size_t bins) {
  const auto [low, high] = std::ranges::minmax(values);
  Distribution result;
  for (std::size_t i = 0; i <= bins; ++i)
    result.edges.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(bins));
  result.counts.assign(bins, 0);
  for (const double value : values)
    ++result.counts[std::min(bins - 1,
                             static_cast<std::size_t>((value - low) / (high - low) * static_cast<double>(bins)))];
  return result;
}

ColumnSummary column(std::string name, ColumnType type, std::string reason, std::size_t missing = 0) {
  ColumnSummary result;
  result.name = std::move(name);
  result.type = type;
  result.reason = std::move(reason);
  result.count = days - missing;
  result.missing = missing;
  return result;
}

ColumnSummary number_column(std::string name, ColumnType type, const std::vector<double>& values, std::string unit,
                            std::size_t missing = 0) {
  ColumnSummary result = column(std::move(name), type, "every value present reads as a number", missing);
  result.numbers = numbers_of(values);
  result.numbers->unit = std::move(unit);
  result.distribution = distribution_of(values, 24);
  result.distinct = 412;
  result.top_values = {{"0", 9}, {"12.5", 7}, {"18.1", 6}};
  return result;
}

ColumnSummary category_column(std::string name, ColumnType type, std::vector<TopValue> tops) {
  ColumnSummary result = column(std::move(name), type, "few different values, each of which recurs");
  result.distinct = tops.size();
  result.top_values = std::move(tops);
  result.texts = TextSummary{3, 5, 4.1};
  return result;
}

template <class Member>
std::vector<double> all(const std::vector<Day>& table, Member member) {
  std::vector<double> result;
  for (const Day& day : table) result.push_back(member(day));
  return result;
}

// 0 date, 1 temperature, 2 rain, 3 visitors, 4 revenue, 5 sky, 6 tent, 7 weekend, 8 receipt, 9 remark, 10 country, 11
// unused
std::vector<ColumnSummary> columns_of(const std::vector<Day>& table) {
  std::vector<ColumnSummary> result;
  ColumnSummary date = column("date", ColumnType::date, "all values are days written YYYY-MM-DD");
  const std::int64_t last_us = first_day_us + static_cast<std::int64_t>(days - 1) * day_us;
  date.dates = DateSummary{first_day_us, last_us, "2023-01-01", "2024-12-30", "YYYY-MM-DD", true, true};
  date.distinct = days;
  std::vector<double> moments;
  for (std::size_t i = 0; i < days; ++i)
    moments.push_back(static_cast<double>(first_day_us + static_cast<std::int64_t>(i) * day_us));
  date.distribution = distribution_of(moments, 24);
  result.push_back(std::move(date));
  result.push_back(
      number_column("temperature", ColumnType::real, all(table, [](auto& d) { return d.temperature; }), "°C", 4));
  result.push_back(number_column("rain (mm)", ColumnType::real, all(table, [](auto& d) { return d.rain; }), "", 61));
  ColumnSummary visitors =
      number_column("visitors", ColumnType::integer, all(table, [](auto& d) { return d.visitors; }), "");
  visitors.confidence = 0.996;
  visitors.reason = "99.6% of the values present are whole numbers";
  visitors.invalid = 3;
  visitors.count -= 3;
  visitors.invalid_values = {{"closed", 2}, {"~150", 1}};
  result.push_back(std::move(visitors));
  result.push_back(number_column("revenue", ColumnType::real, all(table, [](auto& d) { return d.revenue; }), "$"));
  std::map<std::size_t, std::size_t> by_sky, by_tent;
  std::size_t weekends = 0;
  for (const Day& day : table) ++by_sky[day.sky], ++by_tent[day.tent], weekends += day.is_weekend;
  result.push_back(
      category_column("sky", ColumnType::category,
                      {{"sun", by_sky[0]}, {"cloud", by_sky[1]}, {"rain", by_sky[2]}, {"fog", by_sky[3]}}));
  result.push_back(category_column("tent", ColumnType::category,
                                   {{"none", by_tent[0]}, {"large", by_tent[2]}, {"small", by_tent[1]}}));
  result.push_back(category_column("weekend", ColumnType::boolean, {{"no", days - weekends}, {"yes", weekends}}));
  ColumnSummary receipt = column("receipt", ColumnType::identifier, "each row has a code of its own");
  receipt.distinct = days;
  receipt.texts = TextSummary{7, 7, 7};
  result.push_back(std::move(receipt));
  ColumnSummary remark = column("remark", ColumnType::text, "sentences that hardly recur", 655);
  remark.distinct = 71;
  remark.top_values = {{"freezer broke <again> & nobody noticed", 3}, {"=HYPERLINK(\"x\")", 2}};
  remark.texts = TextSummary{4, 118, 36.4};
  result.push_back(std::move(remark));
  ColumnSummary country = column("country", ColumnType::constant, "every row says the same");
  country.distinct = 1;
  country.top_values = {{"NZ", days}};
  result.push_back(std::move(country));
  result.push_back(column("unused", ColumnType::empty, "no row has a value", days));
  return result;
}

Relation two_numbers(std::size_t first, std::size_t second, const std::vector<double>& x,
                     const std::vector<double>& y) {
  Relation result;
  result.first = first;
  result.second = second;
  double xx = 0, yy = 0, xy = 0;
  const double x_mean = mean_of(x), y_mean = mean_of(y);
  for (std::size_t i = 0; i < days; ++i) {
    xx += (x[i] - x_mean) * (x[i] - x_mean);
    yy += (y[i] - y_mean) * (y[i] - y_mean);
    xy += (x[i] - x_mean) * (y[i] - y_mean);
    if (i % 2 == 0) result.points.push_back({x[i], y[i]});
  }
  const double r = xy / std::sqrt(xx * yy);
  result.pearson = Correlation{r, std::fabs(r) > 0.1 ? 1e-12 : 0.21, days};
  result.spearman = Correlation{0.97 * r, std::fabs(r) > 0.1 ? 1e-11 : 0.24, days};
  result.strength = std::fabs(r);
  result.p_adjusted = result.pearson->p * 2;
  return result;
}

template <std::size_t count>
std::vector<Group> groups_of(const std::array<const char*, count>& labels, const std::vector<Day>& table,
                             std::size_t Day::*category, double Day::*number) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<double> values;
    for (const Day& day : table)
      if (day.*category == i) values.push_back(day.*number);
    std::ranges::sort(values);
    groups.push_back({labels[i], values.size(), mean_of(values), quantile(values, 0.25), quantile(values, 0.5),
                      quantile(values, 0.75)});
  }
  std::ranges::sort(groups, [](const Group& a, const Group& b) { return a.mean > b.mean; });
  return groups;
}

Relations relations_of(const std::vector<Day>& table) {
  const auto temperature = all(table, [](auto& d) { return d.temperature; });
  const auto rain = all(table, [](auto& d) { return d.rain; });
  const auto visitors = all(table, [](auto& d) { return d.visitors; });
  const auto revenue = all(table, [](auto& d) { return d.revenue; });
  Relations result;
  result.pairs = {two_numbers(3, 4, visitors, revenue),    two_numbers(1, 3, temperature, visitors),
                  two_numbers(1, 4, temperature, revenue), two_numbers(2, 3, rain, visitors),
                  two_numbers(2, 4, rain, revenue),        two_numbers(1, 2, temperature, rain)};
  Relation sky_visitors;
  sky_visitors.first = 5;
  sky_visitors.second = 3;
  sky_visitors.difference = GroupDifference{0.126, 34.9, 2.2e-21, days, 4};
  sky_visitors.strength = std::sqrt(0.126);
  sky_visitors.p_adjusted = 4e-21;
  sky_visitors.groups = groups_of(skies, table, &Day::sky, &Day::visitors);
  result.pairs.push_back(sky_visitors);
  Relation sky_tent;
  sky_tent.first = 5;
  sky_tent.second = 6;
  sky_tent.association = Association{0.58, 0.585, 489.2, 6, 1.8e-102, days, true};
  sky_tent.strength = 0.58;
  sky_tent.p_adjusted = 1e-101;
  CrossTable cross{
      {"sun", "cloud", "rain", "fog"}, {"none", "small", "large"}, std::vector(4, std::vector<std::size_t>(3))};
  for (const Day& day : table) ++cross.counts[day.sky][day.tent];
  sky_tent.cross_table = cross;
  result.pairs.push_back(sky_tent);
  std::ranges::stable_sort(result.pairs, [](const Relation& a, const Relation& b) { return a.strength > b.strength; });
  result.undefined = 2;
  result.columns_compared = 8;
  return result;
}

Season season_of(Cycle cycle, std::size_t positions, const std::vector<double>& values) {
  Season season;
  season.cycle = cycle;
  season.share = 0.71;
  season.p = 1e-30;
  std::vector<double> sums(positions), counts(positions);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t at = cycle == Cycle::day_of_week ? (i + 6) % 7 : (i % 365) * 12 / 365;
    sums[at] += values[i];
    ++counts[at];
  }
  for (std::size_t i = 0; i < positions; ++i) season.means.emplace_back(sums[i] / counts[i]);
  for (std::size_t i = 0; i < positions; ++i) {
    if (season.means[i] > season.means[season.high]) season.high = i;
    if (season.means[i] < season.means[season.low]) season.low = i;
  }
  return season;
}

std::vector<TimeSeries> series_of(const std::vector<Day>& table) {
  const auto visitors = all(table, [](auto& d) { return d.visitors; });
  TimeSeries daily;
  daily.date = 0;
  daily.value = 3;
  daily.empty_periods = 12;
  daily.trend = Trend{29.1, 236, 294, 0.04, 0.0008};
  for (std::size_t i = 0; i < days; ++i)
    if (i < 300 || i >= 312)
      daily.steps.push_back({first_day_us + static_cast<std::int64_t>(i) * day_us, visitors[i], 1});
  daily.seasons = {season_of(Cycle::month_of_year, 12, visitors), season_of(Cycle::day_of_week, 7, visitors)};
  TimeSeries rows;
  rows.period = Period::month;
  rows.is_last_partial = true;
  for (std::size_t i = 0; i < 24; ++i)
    rows.steps.push_back(
        {first_day_us + static_cast<std::int64_t>(i * 365 / 12) * day_us, i == 10 ? 18.0 : 30.0 + double(i % 2), 30});
  return {daily, rows};
}

MissingMap missing_map_of() {
  MissingMap map{15, {1, 2, 9, 11}, {}};
  map.missing.assign(4, std::vector<std::size_t>(49));
  for (std::size_t band = 0; band < 49; ++band) {
    map.missing[0][band] = band == 20 ? 4 : 0;
    map.missing[1][band] = band >= 30 && band < 35 ? 12 + (band == 31) : 0;
    map.missing[2][band] = 12 + band % 4;
    map.missing[3][band] = band == 48 ? 10 : 15;
  }
  return map;
}

}  // namespace

Analysis full_analysis() {
  const std::vector<Day> table = two_years();
  Analysis result;
  result.file = {.bytes = 48'219,
                 .expanded_bytes = 0,
                 .has_byte_order_mark = true,
                 .delimiter = ';',
                 .delimiter_confidence = 0.99,
                 .has_header = true,
                 .header_confidence = 0.97,
                 .decimal_mark = ',',
                 .rows = days,
                 .columns = 12,
                 .columns_left_out = 0,

                 .rows_kept = days,
                 .header_width = 12,
                 .renamed_columns = 1,
                 .short_rows = 2,
                 .long_rows = 1,
                 .ragged_lines = {17, 204, 561},
                 .blank_lines = 3,
                 .comment_lines = 1,
                 .stray_quotes = 2,
                 .duplicate_rows = 5};
  result.columns = columns_of(table);
  result.relations = relations_of(table);
  result.series = series_of(table);
  result.missing_map = missing_map_of();
  result.missing_patterns = {{9, 5, 0.897, "sun", 261, 250, "fog", 58, 20, 0.41, 1e-9}};
  result.insights = {{"relation",
                      "“visitors” and “revenue” rise together: r = 0.97 over 730 rows.",
                      92,
                      {3, 4},
                      Evidence::relation,
                      0,
                      ""},
                     {"season",
                      "“visitors” follow the months: 371 on average in July, 128 in January.",
                      84,
                      {0, 3},
                      Evidence::series,
                      0,
                      "Two years are little for a season."},
                     {"outliers",
                      "“rain (mm)” has 88 values that lie far above the rest; the largest is 34.2.",
                      61,
                      {2},
                      Evidence::column,
                      2,
                      "A skewed column has many such values without anything being wrong."},
                     {"groups",
                      "“visitors” differ by “sky”: 281 on average with sun, 201 with rain.",
                      55,
                      {5, 3},
                      Evidence::relation,
                      4,
                      ""}};
  result.quality = {
      {"duplicates", "5 rows are exact copies of an earlier one.", 70, {}, Evidence::quality, 0, ""},
      {"invalid",
       "“visitors” holds 3 values that are not numbers, such as “closed”.",
       58,
       {3},
       Evidence::column,
       3,
       ""},
      {"missing", "“remark” is empty in 89.7% of the rows.", 40, {9}, Evidence::column, 9, "It may be optional."}};
  result.caveats = {"24 pairs of columns were compared; the p-values are adjusted for that.",
                    "A relation between two columns does not show that one is the cause of the other."};
  result.version = "0.1.0";
  return result;
}

Analysis hostile_analysis(std::size_t columns) {
  Analysis result = full_analysis();
  const std::string bad =
      "</script><script>document.title='owned'</script>\"'&<img src=x onerror=alert(1)>\u202E\x1B\x01";
  std::string longest = bad;
  while (longest.size() < 3 * text_code_points_max) longest += "\"";
  longest.resize(200 + bad.size() / 8);
  const ColumnSummary pattern = result.columns[3];
  result.columns.clear();
  for (std::size_t i = 0; i < columns; ++i) {
    ColumnSummary one = pattern;
    one.name = longest + std::to_string(i);
    one.reason = bad;
    one.numbers->unit = bad;
    one.top_values.assign(10, {longest, 5});
    one.invalid_values.assign(5, {longest, 3});
    one.texts = TextSummary{1, 9, 4};
    one.distribution->edges.clear();
    for (int edge = 0; edge <= 100; ++edge) one.distribution->edges.push_back(edge / 3.0);
    one.distribution->counts.assign(100, 7);
    result.columns.push_back(std::move(one));
  }
  result.file.columns = columns;
  for (Relation& pair : result.relations.pairs) {
    for (Group& group : pair.groups) group.label = longest;
    if (pair.cross_table)
      pair.cross_table->row_labels.assign(4, longest), pair.cross_table->column_labels.assign(3, longest);
  }
  constexpr std::size_t pictured = 24;
  for (std::size_t first = 0; first < 60; ++first)
    for (std::size_t second = first + 1; second < 60; ++second) {
      Relation pair = result.relations.pairs.front();
      if (result.relations.pairs.size() > pictured) pair.points.clear();
      pair.first = first, pair.second = second;
      result.relations.pairs.push_back(pair);
    }
  for (std::vector<Finding>* findings : {&result.insights, &result.quality})
    for (std::size_t i = 0; i < 100; ++i)
      findings->push_back({"hostile", longest, 1, {i % columns}, Evidence::column, columns - 1 - i % columns, longest});
  result.caveats.assign(100, longest);
  result.missing_map->columns.clear();
  for (std::size_t i = 0; i < 60; ++i) result.missing_map->columns.push_back(i);
  result.missing_map->missing.assign(60, std::vector<std::size_t>(100, 3));
  for (std::size_t i = 0; i < 40; ++i) result.series.push_back(result.series.front());
  return result;
}

}  // namespace circuit::analysis
