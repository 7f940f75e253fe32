#include "workers/fulfillment/analysis/json_report.hpp"

#include "workers/fulfillment/analysis/json_writer.hpp"
#include "workers/fulfillment/analysis/value.hpp"

namespace circuit::analysis {
namespace {

using Layout = JsonWriter::Layout;

void write_file(JsonWriter& json, const FileFacts& file) {
  json.key("file");
  json.begin_object();
  json.member("bytes", file.bytes);
  json.member("rows", file.rows);
  json.member("columns", file.columns);
  json.member("delimiter", std::string(1, file.delimiter));
  json.member("has_header", file.has_header);
  json.member("ragged_rows", file.ragged_rows());
  json.member("short_rows", file.short_rows);
  json.member("long_rows", file.long_rows);
  json.member("blank_lines", file.blank_lines);
  json.member("stray_quotes", file.stray_quotes);
  json.end();
}

void write_definitions(JsonWriter& json) {
  json.key("definitions");
  json.begin_object();
  json.member("count", "values present; count + missing = rows");
  json.key("missing");
  json.begin_array(Layout::one_line);
  for (const std::string_view marker : missing_markers) json.string(marker);
  json.end();
  json.member("spaces", "spaces and tabs around a value are ignored");
  json.member("standard_deviation", "of a sample: divided by n - 1");
  json.member("quartiles", "linear interpolation at position (n - 1) p, counted from 0 (R type 7)");
  json.member("histogram", "bin i counts edge[i] <= x < edge[i + 1]; the last bin includes its upper edge");
  json.member("category", "text of at most 1000 different values, each of which occurs twice on average");
  json.member("correlation", "Pearson's r over the rows in which both columns have a value");
  json.member("long_text", "names and values longer than 200 characters end in an ellipsis");
  json.end();
}

void write_numbers(JsonWriter& json, const NumberSummary& numbers) {
  json.member("min", numbers.min);
  json.member("max", numbers.max);
  json.member("mean", numbers.mean);
  json.key("standard_deviation");
  if (numbers.standard_deviation)
    json.number(*numbers.standard_deviation);
  else
    json.raw("null");
  json.key("quartiles");
  json.begin_array(Layout::one_line);
  for (const double quartile : {numbers.first_quartile, numbers.median, numbers.third_quartile}) json.number(quartile);
  json.end();
}

// The values of a numeric column are already written as JSON numbers.
void write_value(JsonWriter& json, const ColumnSummary& column, const std::string& text) {
  if (column.is_numeric())
    json.raw(text);
  else
    json.string(text);
}

void write_top_values(JsonWriter& json, const ColumnSummary& column) {
  json.key("top_values");
  json.begin_array();
  for (const TopValue& top : column.top_values) {
    json.begin_object(Layout::one_line);
    json.key("value");
    write_value(json, column, top.text);
    json.member("count", top.count);
    json.end();
  }
  json.end();
}

void write_histogram(JsonWriter& json, const ColumnSummary& column) {
  json.key("histogram");
  json.begin_object();
  json.key("edges");
  json.begin_array(Layout::one_line);
  for (const std::string& edge : column.distribution->edges) write_value(json, column, edge);
  json.end();
  json.key("counts");
  json.begin_array(Layout::one_line);
  for (const std::size_t count : column.distribution->counts) json.number(count);
  json.end();
  json.end();
}

void write_column(JsonWriter& json, const ColumnSummary& column) {
  json.begin_object();
  json.member("name", column.name);
  json.member("type", type_name(column.type));
  json.member("count", column.count);
  json.member("missing", column.missing);
  json.member("distinct", column.distinct);
  json.member("distinct_is_exact", column.distinct_is_exact);
  if (column.numbers) write_numbers(json, *column.numbers);
  if (column.dates) {
    json.member("min", column.dates->earliest);
    json.member("max", column.dates->latest);
  }
  write_top_values(json, column);
  if (column.distribution) write_histogram(json, column);
  json.end();
}

void write_correlations(JsonWriter& json, const Analysis& analysis) {
  json.key("correlations");
  json.begin_array();
  for (const Correlation& pair : analysis.correlations) {
    json.begin_object(Layout::one_line);
    json.key("columns");
    json.begin_array(Layout::one_line);
    json.string(analysis.columns[pair.first].name);
    json.string(analysis.columns[pair.second].name);
    json.end();
    json.member("r", pair.r);
    json.member("n", pair.n);
    json.end();
  }
  json.end();
  json.member("undefined_correlations", analysis.undefined_correlations);
}

}  // namespace

std::string json_report(const Analysis& analysis) {
  JsonWriter json;
  json.begin_object();
  json.member("schema", "circuit.analysis.v1");
  write_file(json, analysis.file);
  json.key("notes");
  json.begin_array();
  for (const std::string& note : analysis.notes) json.string(note);
  json.end();
  json.key("columns");
  json.begin_array();
  for (const ColumnSummary& column : analysis.columns) write_column(json, column);
  json.end();
  write_correlations(json, analysis);
  write_definitions(json);
  json.end();
  return json.take();
}

}  // namespace circuit::analysis
