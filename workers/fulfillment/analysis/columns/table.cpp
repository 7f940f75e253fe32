#include "workers/fulfillment/analysis/columns/table.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "workers/fulfillment/analysis/columns/column_set.hpp"
#include "workers/fulfillment/analysis/columns/duplicate_rows.hpp"
#include "workers/fulfillment/analysis/reading/cell_text.hpp"
#include "workers/fulfillment/analysis/reading/csv_reader.hpp"
#include "workers/fulfillment/analysis/reading/dialect.hpp"
#include "workers/fulfillment/analysis/reading/header.hpp"
#include "workers/fulfillment/analysis/reading/number.hpp"
#include "workers/fulfillment/analysis/reading/text_window.hpp"

namespace circuit::analysis {
namespace {

// The first reading, a second one with better plans, and a third for what the second one showed.
constexpr std::size_t readings_max = 3;

// What one reading of the file has gathered.
struct Reading {
  ColumnSet columns;
  DuplicateRows duplicates;
  ReadingCounts counts;
  std::vector<std::string> header;
};

// By the size of the first records: memory that grows is copied again and again.
std::size_t likely_rows(const CellBlock& block, std::size_t text_bytes) {
  std::size_t bytes = block.rows();
  for (std::size_t i = 0; i < block.width(); ++i)
    for (const std::string_view cell : block.column(i)) bytes += cell.size() + 1;
  const std::size_t rows = text_bytes / (bytes / block.rows());
  return rows + rows / 16;
}

// `budget` must outlive what comes back.
Reading read(TextWindow& window, const Dialect& dialect, std::size_t width, const std::vector<ColumnPlan>& plans,
             const Limits& limits, TextBudget& budget) {
  Reading reading{ColumnSet(plans, limits, budget), DuplicateRows(), {}, {}};
  CsvReader reader(window, dialect, width);
  CellBlock block(plans.size());
  while (reader.next(block)) {
    if (reading.columns.rows().seen() == 0)
      reading.columns.reserve(likely_rows(block, std::min(limits.expanded_bytes_max, window.text_bytes_hint())));
    reading.columns.add(block);
    reading.duplicates.add(block.hashes());
  }
  reading.columns.complete();
  reading.counts = reader.counts();
  reading.header = reader.header();
  reading.header.resize(std::min(reading.header.size(), dialect.header_width));
  return reading;
}

// Whether any column found a better plan than the one that it was read with.
bool improve(std::vector<ColumnPlan>& plans, const Reading& reading) {
  bool is_better = false;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    auto better = reading.columns.better_plan(i);
    if (better && i < reading.header.size()) better = with_name(*better, trimmed(reading.header[i]), {});
    if (!better || *better == plans[i]) continue;
    plans[i] = *better;
    is_better = true;
  }
  return is_better;
}

FileFacts facts_of(const TextWindow& window, const Dialect& dialect, Reading& reading, std::size_t width) {
  FileFacts file;
  file.bytes = window.source_bytes();
  file.expanded_bytes = window.is_compressed() ? window.text_bytes() : 0;
  file.has_byte_order_mark = window.has_byte_order_mark();
  file.delimiter = dialect.delimiter;
  file.delimiter_confidence = dialect.delimiter_confidence;
  file.has_header = dialect.has_header;
  file.header_confidence = dialect.header_confidence;
  file.preamble_lines = dialect.preamble_records;
  file.rows = reading.counts.rows;
  file.columns = reading.columns.size();
  file.columns_left_out = width - reading.columns.size();
  file.rows_kept = reading.columns.rows().kept();
  file.header_width = dialect.header_width;
  file.short_rows = reading.counts.short_rows;
  file.long_rows = reading.counts.long_rows;
  file.ragged_lines = reading.counts.ragged_lines;
  file.blank_lines = reading.counts.blank_lines;
  file.comment_lines = reading.counts.comment_lines;
  file.stray_quotes = reading.counts.stray_quotes + reading.counts.unclosed_quotes;
  file.duplicate_rows = reading.duplicates.count();
  file.duplicates_are_exact = reading.duplicates.is_exact();
  return file;
}

Table finish(Reading& reading, FileFacts file, const std::vector<ColumnPlan>& plans) {
  const std::vector<std::string_view> header(reading.header.begin(), reading.header.end());
  std::vector<std::string> names = unique_names(header, plans.size());
  Table table{std::move(file), {}};
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (table.file.has_header && (i >= header.size() || trimmed(header[i]) != names[i])) ++table.file.renamed_columns;
    if (plans[i].expects == Expectation::number && plans[i].decimal_mark == decimal_comma)
      table.file.decimal_mark = decimal_comma;
    table.columns.push_back(reading.columns.finish(i, std::move(names[i])));
  }
  return table;
}

bool has_values(const Table& table) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [](const Column& column) { return column.summary.type != ColumnType::empty; });
}

}  // namespace

std::variant<Table, Failure> read_table(Source& source, const Limits& limits) {
  TextWindow window(source, limits);
  Sample sample;
  const Dialect dialect = detect_dialect(window, sample);
  if (window.failure()) return *window.failure();
  const Failure is_empty{"input_empty", "The file is empty: it holds no values."};
  if (sample.records.empty()) return is_empty;
  const std::size_t width = std::max(dialect.usual_width, dialect.header_width);
  const std::size_t columns = std::min(width, std::max<std::size_t>(limits.columns_max, 1));
  std::vector<ColumnPlan> plans = plan_columns(sample.records, dialect.has_header, columns, dialect.delimiter);
  sample = {};
  for (std::size_t readings = 1;; ++readings) {
    TextBudget budget{limits.distinct_bytes_max};
    Reading reading = read(window, dialect, width, plans, limits, budget);
    if (window.failure()) return *window.failure();
    if (reading.counts.rows == 0) return Failure{"csv_no_rows", "The file has column names, but no rows below them."};
    if (readings < readings_max && improve(plans, reading)) {
      window.rewind();
      continue;
    }
    Table table = finish(reading, facts_of(window, dialect, reading, width), plans);
    if (!table.file.has_header && !has_values(table)) return is_empty;
    return table;
  }
}

}  // namespace circuit::analysis
