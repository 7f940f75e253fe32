// What becomes of an order's file: a report, or a sentence that says why not; and what one order may cost.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace circuit::analysis {

// Beyond the first three, a file is refused, because a part of it is not what the customer paid for. The others keep
// memory bounded by the columns instead of the rows: they make figures into those of a sample, and a finding says so.
struct Limits {
  std::size_t input_bytes_max = std::size_t{8} << 20;       // as it was sent
  std::size_t expanded_bytes_max = std::size_t{128} << 20;  // after decompression
  std::size_t record_bytes_max = std::size_t{16} << 20;     // one record, or cell
  std::size_t columns_max = 1000;
  std::size_t kept_cells_max = std::size_t{16} << 20;       // values kept to be put in order and side by side
  std::size_t distinct_max = 100'000;                       // of one column, counted one by one
  std::size_t distinct_bytes_max = std::size_t{128} << 20;  // of all columns' different texts together
};

// `code` is stable and meant for programs; `message` is a sentence that the paying customer understands.
struct Failure {
  std::string code;
  std::string message;
};

struct File {
  std::string name;
  std::string content;
};

// analysis.json, report.html, summary.txt, in this order.
struct Report {
  std::vector<File> files;
};

}  // namespace circuit::analysis
