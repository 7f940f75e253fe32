#include <fmt/format.h>

#include <algorithm>

#include "workers/fulfillment/analysis/findings/quality_findings.hpp"
#include "workers/fulfillment/analysis/findings/quality_score.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr double unsure = 0.8;

class Quality {
 public:
  void add(const char* kind, double points, std::string text) {
    findings.push_back({.kind = kind, .text = std::move(text), .score = points, .evidence = Evidence::quality});
  }
  std::vector<Finding> findings;
};

const char* are(std::size_t count) { return count == 1 ? "is" : "are"; }
const char* have(std::size_t count) { return count == 1 ? "has" : "have"; }

std::string delimiter_name(char delimiter) {
  switch (delimiter) {
    case ',': return "commas";
    case ';': return "semicolons";
    case '\t': return "tabs";
    case '|': return "vertical bars";
    default: return fmt::format("“{}”", delimiter);
  }
}

void add_dialect(Quality& quality, const FileFacts& file) {
  if (file.delimiter_confidence < unsure)
    quality.add(
        "delimiter_unsure", quality_score(quality_weight::misread),
        fmt::format("It is not certain what separates the values: {} fit best, so the columns may be cut wrongly.",
                    delimiter_name(file.delimiter)));
  if (!file.has_header)
    quality.add("no_header", quality_score(quality_weight::untidy),
                "The file has no row of column names, so the columns are called by their numbers.");
  if (file.header_confidence < unsure)
    quality.add("header_unsure", quality_score(quality_weight::misread),
                file.has_header
                    ? "It is not certain that the first row holds the column names: it was taken for them and "
                      "is in no figure."
                    : "It is not certain that the first row is data: it was taken for a row like the others, "
                      "not for column names.");
}

void add_header(Quality& quality, const FileFacts& file) {
  const std::size_t width = file.columns + file.columns_left_out;
  if (file.has_header && file.header_width > 0 && file.header_width != width)
    quality.add("header_width", quality_score(quality_weight::misread),
                fmt::format("The first row names {}, but most rows have {}: names and values may not belong together.",
                            counted(file.header_width, "column"), readable_text(width)));
  if (file.renamed_columns > 0)
    quality.add("column_names", quality_score(file.renamed_columns, file.columns, quality_weight::untidy),
                fmt::format("{} no name of {} own in the file, or the same as another one, and {} given one.",
                            counted(file.renamed_columns, "column") + " " + have(file.renamed_columns),
                            file.renamed_columns == 1 ? "its" : "their", file.renamed_columns == 1 ? "was" : "were"));
}

std::string lines_text(const FileFacts& file) {
  std::string text;
  for (const std::size_t line : file.ragged_lines) text += (text.empty() ? "" : ", ") + fmt::format("{}", line);
  if (text.empty()) return "";
  const bool is_all = file.ragged_lines.size() == file.ragged_rows();
  return fmt::format(" ({} {}{})", file.ragged_lines.size() == 1 ? "line" : "lines", text, is_all ? "" : ", …");
}

void add_rows(Quality& quality, const FileFacts& file) {
  if (file.ragged_rows() > 0) {
    std::string what;
    if (file.short_rows > 0)
      what = fmt::format("{} too few values, and what is not there counts as missing",
                         counted(file.short_rows, "row") + " " + have(file.short_rows));
    if (file.long_rows > 0)
      what += fmt::format("{}{} too many values, and what is beyond the last column is left out",
                          what.empty() ? "" : "; ", counted(file.long_rows, "row") + " " + have(file.long_rows));
    quality.add("ragged_rows", quality_score(file.ragged_rows(), file.rows, quality_weight::wrong_values),
                what + lines_text(file) + ".");
  }
  if (file.duplicate_rows > 0)
    quality.add(
        "duplicate_rows", quality_score(file.duplicate_rows, file.rows, quality_weight::repeated),
        fmt::format("{}{} ({}) {} an earlier row in every column. If each row should be a case of its own, they "
                    "count double in all figures.",
                    file.duplicates_are_exact ? "" : "At least ", counted(file.duplicate_rows, "row"),
                    percent_text(file.duplicate_rows, file.rows), file.duplicate_rows == 1 ? "repeats" : "repeat"));
}

void add_lines(Quality& quality, const FileFacts& file) {
  const auto remark = [&](const char* kind, std::size_t count, const char* noun, const char* rest) {
    if (count == 0) return;
    quality.add(kind, quality_score(count, file.rows + count, quality_weight::untidy),
                fmt::format("{} {} {}", counted(count, noun), are(count), rest));
  };
  remark("blank_lines", file.blank_lines, "empty line", "skipped.");
  remark("comment_lines", file.comment_lines, "comment line", "skipped.");
  remark("preamble_lines", file.preamble_lines, "line", "above the table, such as a title, and skipped.");
  if (file.stray_quotes > 0)
    quality.add("stray_quotes", quality_score(file.stray_quotes, file.rows, quality_weight::wrong_values),
                fmt::format("{} {} a quotation mark where none should be; it is kept as part of the value.",
                            counted(file.stray_quotes, "value"), have(file.stray_quotes)));
}

void add_limits(Quality& quality, const FileFacts& file) {
  if (file.columns_left_out > 0)
    quality.add("columns_left_out", quality_score(quality_weight::left_out),
                fmt::format("The file has more columns than can be analyzed: the last {} {} left out.",
                            readable_text(file.columns_left_out), are(file.columns_left_out)));
  if (file.rows_kept < file.rows)
    quality.add("sampled", quality_score(quality_weight::remark),
                fmt::format("The file is so large that what needs values in order or side by side (medians, quartiles, "
                            "relations, series) is taken from an even sample of {} of its {} rows; counts, sums, means "
                            "and extremes are of all.",
                            readable_text(file.rows_kept), readable_text(file.rows)));
}

}  // namespace

std::vector<Finding> file_quality(const Analysis& analysis) {
  Quality quality;
  add_dialect(quality, analysis.file);
  add_header(quality, analysis.file);
  add_rows(quality, analysis.file);
  add_lines(quality, analysis.file);
  add_limits(quality, analysis.file);
  return std::move(quality.findings);
}

}  // namespace circuit::analysis
