// The data-analysis product: a customer's CSV goes in, three deliverable files come out.
//
// Pure: no clock, no locale, no file, no network; the same bytes in give the same bytes out.
// Bad data is a Failure with a sentence for the customer, never an exception and never an abort.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace circuit::analysis {

// What one order may cost. Input above `input_bytes_max` is refused; the other limits shorten the
// analysis and leave a note in every report.
struct Limits {
  std::size_t input_bytes_max = 8 << 20;
  std::size_t columns_max = 1000;
  std::size_t rows_max = 5'000'000;
  std::size_t distinct_max = 100'000;
};

struct File {
  std::string name;
  std::string content;
};

// `code` is stable and meant for programs; `message` is a sentence that the paying customer understands.
struct Failure {
  std::string code;
  std::string message;
};

// analysis.json, report.html, summary.txt, in this order.
struct Report {
  std::vector<File> files;
};

// Failure codes: input_empty, input_too_large, input_not_csv, input_not_utf8, input_binary,
// csv_no_rows, csv_quote_unclosed.
[[nodiscard]] std::variant<Report, Failure> analyze(std::string_view csv, const Limits& limits = {});

}  // namespace circuit::analysis
