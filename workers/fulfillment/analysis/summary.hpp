// What is known about a file once it is analyzed. All three reports say the same, because they are all written from
// this.
//
// Names and values are the customer's own bytes (valid UTF-8, clipped): whoever writes them out must escape them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace circuit::analysis {

enum class ColumnType : std::uint8_t { empty, boolean, integer, real, date, category, text };

[[nodiscard]] constexpr const char* type_name(ColumnType type) {
  constexpr const char* names[] = {"empty", "boolean", "integer", "real", "date", "category", "text"};
  return names[static_cast<std::size_t>(type)];
}

struct NumberSummary {
  double min = 0;
  double max = 0;
  double mean = 0;
  std::optional<double> standard_deviation;
  double first_quartile = 0;
  double median = 0;
  double third_quartile = 0;
};

// The customer's own spelling of the first and the last moment.
struct DateSummary {
  std::string earliest;
  std::string latest;
};

struct TopValue {
  std::string text;
  std::size_t count = 0;
};

// A histogram whose edges are written out: exact numbers, or ISO 8601 dates.
struct Distribution {
  std::vector<std::string> edges;
  std::vector<std::size_t> counts;
};

struct ColumnSummary {
  std::string name;
  ColumnType type = ColumnType::empty;
  std::size_t count = 0;  // values present; count + missing = rows
  std::size_t missing = 0;
  std::size_t distinct = 0;
  bool distinct_is_exact = true;  // false: at least `distinct`, and top values among the first ones only
  std::optional<NumberSummary> numbers;
  std::optional<DateSummary> dates;
  std::vector<TopValue> top_values;
  std::optional<Distribution> distribution;

  [[nodiscard]] bool is_numeric() const { return numbers.has_value(); }
};

struct Correlation {
  std::size_t first = 0;  // index of the column
  std::size_t second = 0;
  double r = 0;
  std::size_t n = 0;  // rows in which both columns have a value
};

struct FileFacts {
  std::size_t bytes = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
  char delimiter = ',';
  bool has_header = false;
  std::size_t short_rows = 0;
  std::size_t long_rows = 0;
  std::size_t blank_lines = 0;
  std::size_t stray_quotes = 0;

  [[nodiscard]] std::size_t ragged_rows() const { return short_rows + long_rows; }
};

struct Analysis {
  FileFacts file;
  std::vector<ColumnSummary> columns;
  std::vector<Correlation> correlations;   // strongest first
  std::size_t undefined_correlations = 0;  // a constant column, or fewer than three common rows
  std::vector<std::string> notes;          // sentences for the customer
};

}  // namespace circuit::analysis
