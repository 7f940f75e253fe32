// What is known about a file once it is analyzed. All reports say the same, because they are all written from this.
//
// Names and values are the customer's own text (valid UTF-8, clipped to `text_code_points_max`): whoever writes them
// out must escape them. Columns are named by their index, counted from 0 in the order of the file; rows are data
// records, counted from 0 without the header. Every double is finite; what is not defined is an empty optional.
// Moments are µs since 1970-01-01T00:00 UTC; without an offset in the file, as if they were UTC.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace circuit::analysis {

inline constexpr std::size_t text_code_points_max = 200;

enum class ColumnType : std::uint8_t {
  empty,       // no row has a value
  constant,    // all present values are the same
  boolean,     // two values that say yes and no
  integer,     // whole numbers that measure or count
  real,        // numbers with a fraction
  date,        // days, or moments in time
  category,    // texts that recur
  identifier,  // texts or whole numbers that name each row, or codes such as 00501
  text         // everything else
};

[[nodiscard]] constexpr const char* type_name(ColumnType type) {
  constexpr const char* names[] = {"empty", "constant", "boolean",    "integer", "real",
                                   "date",  "category", "identifier", "text"};
  return names[static_cast<std::size_t>(type)];
}

// ---- one column ----

// How many values lie outside of [low, high].
struct Outliers {
  double low = 0;
  double high = 0;
  std::size_t below = 0;
  std::size_t above = 0;

  [[nodiscard]] std::size_t count() const { return below + above; }
};

// D'Agostino and Pearson's omnibus test (1973): K² of skewness and kurtosis, chi-squared with 2 degrees of freedom.
struct Normality {
  double k_squared = 0;
  double p = 0;
};

struct NumberSummary {
  double min = 0;
  double max = 0;
  double sum = 0;
  double mean = 0;
  std::optional<double> variance;            // of a sample: divided by n - 1
  std::optional<double> standard_deviation;  // its root
  std::optional<double> skewness;            // adjusted Fisher-Pearson G1 (Joanes and Gill 1998, type 2); n >= 3
  std::optional<double> kurtosis;            // excess G2, type 2; n >= 4
  double percentile_5 = 0;                   // all quantiles: Hyndman and Fan's definition 7
  double first_quartile = 0;
  double median = 0;
  double third_quartile = 0;
  double percentile_95 = 0;
  double median_absolute_deviation = 0;  // the median of |x - median|, without a factor
  Outliers tukey;                        // outside of the quartiles by more than 1.5 times their distance
  std::optional<Outliers> robust;        // |0.6745 (x - median) / MAD| > 3.5 (Iglewicz and Hoaglin 1993); MAD > 0
  std::optional<Normality> normality;    // n >= 20
  std::size_t zeros = 0;
  std::size_t negatives = 0;
  double top_tenth_share = 0;  // of the sum, held by the largest tenth of the values; 0 unless all are >= 0
  std::string unit;            // what every number carried: "%", "$", "EUR", "kg" …; empty without one
  std::size_t order_n = 0;     // values behind what needs an order (distinct, quantiles, MAD, outliers): the count,
                               // or the size of an even sample of the rows of a file too large to keep
};

struct DateSummary {
  std::int64_t min_us = 0;
  std::int64_t max_us = 0;
  std::string earliest;  // the customer's own spelling
  std::string latest;
  std::string format;             // such as YYYY-MM-DD or DD/MM/YYYY HH:MM
  bool is_days = true;            // no value has a time of day
  bool is_ascending = false;      // in the order of the rows
  bool order_is_assumed = false;  // no day is beyond the twelfth: day and month may be the other way round
};

struct TopValue {
  std::string text;
  std::size_t count = 0;
};

// Bin i counts edges[i] <= x < edges[i + 1]; the last bin also holds its upper edge. Edges of a date column are µs.
struct Distribution {
  std::vector<double> edges;
  std::vector<std::size_t> counts;
};

// How many code points the texts have.
struct TextSummary {
  std::size_t length_min = 0;
  std::size_t length_max = 0;
  double length_mean = 0;
};

struct ColumnSummary {
  std::string name;
  ColumnType type = ColumnType::empty;
  double confidence = 1;  // 0 to 1: the share of the present values that bear the type out
  std::string reason;     // a sentence that says why it is of this type
  std::size_t count = 0;  // values present and readable as the type; count + missing + invalid = rows
  std::size_t missing = 0;
  std::size_t invalid = 0;               // present, but not what the rest of the column is: left out of all figures
  std::vector<TopValue> invalid_values;  // the most frequent ones, at most 5
  std::size_t distinct = 0;
  bool distinct_is_exact = true;         // false: at least `distinct`, and top values among the first ones only
  std::vector<TopValue> top_values;      // the most frequent ones, at most 10; numbers as exact_text
  std::optional<NumberSummary> numbers;  // integer, real, and a constant that is a number
  std::optional<DateSummary> dates;
  std::optional<TextSummary> texts;          // category, identifier, text
  std::optional<Distribution> distribution;  // numbers and dates

  [[nodiscard]] bool is_numeric() const { return type == ColumnType::integer || type == ColumnType::real; }
  [[nodiscard]] bool is_category() const { return type == ColumnType::category || type == ColumnType::boolean; }
  [[nodiscard]] bool is_date() const { return type == ColumnType::date; }
};

// ---- two columns ----

struct Correlation {
  double r = 0;
  double p = 1;       // two-sided, t distribution with n - 2 degrees of freedom
  std::size_t n = 0;  // rows in which both columns have a value
};

// One-way analysis of variance of a number over the groups of a category.
struct GroupDifference {
  double eta_squared = 0;  // the share of the variance between the groups; its root is the correlation ratio
  double f = 0;
  double p = 1;  // F distribution
  std::size_t n = 0;
  std::size_t groups = 0;
};

// Two categories: chi-squared test of independence without a continuity correction.
struct Association {
  double cramers_v = 0;  // corrected for bias (Bergsma 2013)
  double cramers_v_uncorrected = 0;
  double chi_squared = 0;
  std::size_t degrees_of_freedom = 0;
  double p = 1;
  std::size_t n = 0;
  bool has_small_cells = false;  // more than a fifth of the expected counts are below 5: p is a rough guide
};

// One value of a category and the numbers that go with it.
struct Group {
  std::string label;
  std::size_t n = 0;
  double mean = 0;
  double first_quartile = 0;
  double median = 0;
  double third_quartile = 0;
};

struct Point {
  double x = 0;
  double y = 0;
};

// Counts of rows by the most frequent values of two categories. counts[row][column].
struct CrossTable {
  std::vector<std::string> row_labels;     // of the first column
  std::vector<std::string> column_labels;  // of the second column
  std::vector<std::vector<std::size_t>> counts;
  // Of all rows that have both, so also those with values that are too rare to be in the table.
  std::vector<std::size_t> row_totals;
  std::vector<std::size_t> column_totals;
  std::size_t total = 0;
};

// Two columns that were compared. What is set says which way: two numbers have pearson and, mostly, spearman; a
// category (first) and a number (second) have difference; two categories have association.
struct Relation {
  std::size_t first = 0;
  std::size_t second = 0;
  std::optional<Correlation> pearson;
  std::optional<Correlation> spearman;  // n may be that of an even sample of the rows
  std::optional<GroupDifference> difference;
  std::optional<Association> association;
  double strength = 0;    // 0 to 1: the larger of |r| and |rho|, the correlation ratio, or Cramér's V
  double p_adjusted = 1;  // of the strongest measure, over all relations (Benjamini and Hochberg 1995)
  // For a picture of it; only the strongest relations have one.
  std::vector<Point> points;  // an even sample of the rows
  std::vector<Group> groups;  // the most frequent ones, by falling mean
  std::optional<CrossTable> cross_table;
};

struct Relations {
  std::vector<Relation> pairs;  // strongest first, then in the order of the columns
  std::size_t undefined = 0;    // compared in vain: constant where both have values, or fewer than three common rows
  std::size_t columns_compared = 0;
  std::size_t columns_left_out = 0;  // beyond what is compared
};

// ---- time ----

enum class Period : std::uint8_t { hour, day, week, month, quarter, year };
enum class Cycle : std::uint8_t { hour_of_day, day_of_week, month_of_year };

// A straight line through the periods' values after the season is taken out; the p-value allows for values that follow
// their neighbours (effective sample size by the first autocorrelation; series/trend.hpp).
struct Trend {
  double per_year = 0;  // change of the value in a year
  double start = 0;     // the line at the first and the last period
  double end = 0;
  double r_squared = 0;
  double p = 1;
};

struct Season {
  Cycle cycle = Cycle::month_of_year;
  double share = 0;  // 0 to 1: of the variance of the periods' values that the cycle explains (eta squared)
  double p = 1;
  // By position in the cycle (0: midnight, Monday, January), the trend taken out; of rows per average month in a series
  // of counts.
  std::vector<std::optional<double>> means;
  std::size_t high = 0;  // position of the largest and of the smallest mean
  std::size_t low = 0;
};

// A time without any row that is far longer than the others: the last period with rows before it and the first after
// it.
struct Pause {
  std::int64_t last_us = 0;  // their first moments
  std::int64_t next_us = 0;
  Period period = Period::day;
  std::size_t periods = 0;  // between the two
};

// A number over time: the mean of `value` in each period, or how many rows there are (no value).
struct TimeSeries {
  std::size_t date = 0;
  std::optional<std::size_t> value;
  Period period = Period::day;
  struct Step {
    std::int64_t start_us = 0;
    double value = 0;
    std::size_t rows = 0;
  };
  std::vector<Step> steps;        // ascending; a period without rows has no step, except in a series of counts
  std::size_t empty_periods = 0;  // between the first and the last
  bool is_first_partial = false;  // the data begin in the middle of the first period, or end in that of the last: its
  bool is_last_partial = false;   // count is no slump, and stays out of the trend of a series of counts
  std::size_t rows_left_out = 0;  // kept rows whose dates lie far away from all others (slips, placeholders)
  std::optional<Pause> pause;     // of the date's rows, so the same in all of its series
  std::optional<Trend> trend;
  std::vector<Season> seasons;  // the strongest first
};

// ---- the whole ----

enum class Evidence : std::uint8_t { column, relation, series, quality };

struct Finding {
  std::string kind;  // a stable word for programs
  std::string text;  // a sentence or two for the customer; holds the customer's own text, so it must be escaped
  double score = 0;  // 0 to 100: how much it matters
  std::vector<std::size_t> columns;
  Evidence evidence = Evidence::column;
  std::size_t evidence_index = 0;  // into columns, relations.pairs or series; unused for quality
  std::string caveat;              // what to keep in mind; may be empty
};

// Where values are missing: rows in bands of equal size, in the order of the file.
struct MissingMap {
  std::size_t rows_per_band = 0;
  std::vector<std::size_t> columns;               // those that miss anything, at most 60
  std::vector<std::vector<std::size_t>> missing;  // [of columns][band]
};

// Values that are missing more often where a category has one value than where it has another. Rows are kept ones,
// or an even sample of them.
struct MissingPattern {
  std::size_t column = 0;
  std::size_t category = 0;
  double share = 0;  // of the values that are missing, over all rows that have the category
  // The values of the category with most and with least missing, among those of some size.
  std::string high_label;
  std::size_t high_rows = 0;
  std::size_t high_missing = 0;
  std::string low_label;
  std::size_t low_rows = 0;
  std::size_t low_missing = 0;
  double cramers_v = 0;  // corrected for bias
  double p = 1;          // chi-squared test, over the pairs that were compared (Bonferroni)
};

struct FileFacts {
  std::size_t bytes = 0;
  std::size_t expanded_bytes = 0;  // after decompression; 0 if it was not compressed
  bool has_byte_order_mark = false;
  char delimiter = ',';
  double delimiter_confidence = 1;
  bool has_header = false;
  double header_confidence = 1;
  char decimal_mark = '.';
  std::size_t rows = 0;
  std::size_t columns = 0;  // analyzed
  std::size_t columns_left_out = 0;
  std::size_t rows_kept = 0;        // an even sample of them is kept for what needs values side by side; mostly all
  std::size_t header_width = 0;     // names in the header; 0 without one
  std::size_t renamed_columns = 0;  // names that were empty or came twice
  std::size_t short_rows = 0;
  std::size_t long_rows = 0;
  std::vector<std::size_t> ragged_lines;  // the first ones' line numbers in the file, at most 5
  std::size_t blank_lines = 0;
  std::size_t comment_lines = 0;
  std::size_t preamble_lines = 0;  // above the table, such as a title
  std::size_t stray_quotes = 0;
  std::size_t duplicate_rows = 0;  // rows that are, byte for byte, like an earlier one
  bool duplicates_are_exact = true;

  [[nodiscard]] std::size_t ragged_rows() const { return short_rows + long_rows; }
};

struct Analysis {
  FileFacts file;
  std::vector<ColumnSummary> columns;
  Relations relations;
  std::vector<TimeSeries> series;
  std::optional<MissingMap> missing_map;
  std::vector<MissingPattern> missing_patterns;  // strongest first
  std::vector<Finding> insights;                 // what the data say; highest score first
  std::vector<Finding> quality;                  // what is wrong with the data; highest score first
  std::vector<std::string> caveats;  // sentences that hold for the whole: small n, many comparisons, sampling
  std::string version;               // of the program that analyzed it
};

}  // namespace circuit::analysis
