#include "workers/fulfillment/analysis/report/json_report.hpp"

#include "workers/fulfillment/analysis/report/evidence.hpp"
#include "workers/fulfillment/analysis/report/json_parts.hpp"

namespace circuit::analysis {
namespace {

using Layout = JsonWriter::Layout;

void write_file(JsonWriter& json, const FileFacts& file) {
  json.key("file");
  json.begin_object();
  json.member("bytes", file.bytes);
  json.member("expanded_bytes", file.expanded_bytes);
  json.member("has_byte_order_mark", file.has_byte_order_mark);
  json.member("delimiter", std::string_view(&file.delimiter, 1));
  json.member("delimiter_confidence", file.delimiter_confidence);
  json.member("has_header", file.has_header);
  json.member("header_confidence", file.header_confidence);
  json.member("decimal_mark", std::string_view(&file.decimal_mark, 1));
  json.member("rows", file.rows);
  json.member("columns", file.columns);
  json.member("columns_left_out", file.columns_left_out);
  json.member("rows_kept", file.rows_kept);
  json.member("header_width", file.header_width);
  json.member("renamed_columns", file.renamed_columns);
  json.member("short_rows", file.short_rows);
  json.member("long_rows", file.long_rows);
  json.key("ragged_lines");
  json.begin_array(Layout::one_line);
  for (const std::size_t line : file.ragged_lines) json.number(line);
  json.end();
  json.member("blank_lines", file.blank_lines);
  json.member("comment_lines", file.comment_lines);
  json.member("preamble_lines", file.preamble_lines);
  json.member("stray_quotes", file.stray_quotes);
  json.member("duplicate_rows", file.duplicate_rows);
  json.member("duplicates_are_exact", file.duplicates_are_exact);
  json.end();
}

void write_relations(JsonWriter& json, const Analysis& analysis) {
  json.key("relations");
  json.begin_object();
  json.key("pairs");
  json.begin_array();
  for (const Relation& relation : analysis.relations.pairs) write_relation(json, analysis, relation);
  json.end();
  json.member("undefined", analysis.relations.undefined);
  json.member("columns_compared", analysis.relations.columns_compared);
  json.member("columns_left_out", analysis.relations.columns_left_out);
  json.end();
}

void write_names(JsonWriter& json, const Analysis& analysis, const std::vector<std::size_t>& columns) {
  json.key("columns");
  json.begin_array(Layout::one_line);
  for (const std::size_t column : columns) json.string(analysis.columns[column].name);
  json.end();
}

void write_missing_map(JsonWriter& json, const Analysis& analysis) {
  json.key("missing_map");
  if (!analysis.missing_map) return json.null();
  json.begin_object();
  json.member("rows_per_band", analysis.missing_map->rows_per_band);
  write_names(json, analysis, analysis.missing_map->columns);
  json.key("missing");
  json.begin_array();
  for (const auto& bands : analysis.missing_map->missing) {
    json.begin_array(Layout::one_line);
    for (const std::size_t count : bands) json.number(count);
    json.end();
  }
  json.end();
  json.end();
}

void write_missing_patterns(JsonWriter& json, const Analysis& analysis) {
  json.key("missing_patterns");
  json.begin_array();
  for (const MissingPattern& pattern : analysis.missing_patterns) {
    json.begin_object();
    json.member("column", analysis.columns[pattern.column].name);
    json.member("category", analysis.columns[pattern.category].name);
    json.member("share", pattern.share);
    json.member("high_label", pattern.high_label);
    json.member("high_rows", pattern.high_rows);
    json.member("high_missing", pattern.high_missing);
    json.member("low_label", pattern.low_label);
    json.member("low_rows", pattern.low_rows);
    json.member("low_missing", pattern.low_missing);
    json.member("cramers_v", pattern.cramers_v);
    json.member("p", pattern.p);
    json.end();
  }
  json.end();
}

void write_findings(JsonWriter& json, const Analysis& analysis, const char* key, const std::vector<Finding>& findings) {
  json.key(key);
  json.begin_array();
  for (const Finding& finding : findings) {
    json.begin_object();
    json.member("kind", finding.kind);
    json.member("text", finding.text);
    json.member("score", finding.score);
    write_names(json, analysis, finding.columns);
    json.member("evidence", anchor_of(finding));
    json.member("caveat", finding.caveat);
    json.end();
  }
  json.end();
}

}  // namespace

std::string json_report(const Analysis& analysis) {
  JsonWriter json;
  json.begin_object();
  json.member("schema", "circuit.analysis.v2");
  json.member("version", analysis.version);
  write_file(json, analysis.file);
  write_findings(json, analysis, "insights", analysis.insights);
  write_findings(json, analysis, "quality", analysis.quality);
  json.key("caveats");
  json.begin_array();
  for (const std::string& caveat : analysis.caveats) json.string(caveat);
  json.end();
  json.key("columns");
  json.begin_array();
  for (const ColumnSummary& column : analysis.columns) write_column(json, column);
  json.end();
  write_relations(json, analysis);
  json.key("series");
  json.begin_array();
  for (const TimeSeries& series : analysis.series) write_series(json, analysis, series);
  json.end();
  write_missing_map(json, analysis);
  write_missing_patterns(json, analysis);
  json.end();
  return json.take();
}

}  // namespace circuit::analysis
