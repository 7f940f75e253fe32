// What the tests of columns share: a text read as a table.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "workers/fulfillment/analysis/columns/table.hpp"

namespace circuit::analysis {

inline Table table_of(std::string_view csv, const Limits& limits = {}) {
  MemorySource source(csv);
  auto outcome = read_table(source, limits);
  if (const auto* failure = std::get_if<Failure>(&outcome)) FAIL(failure->code << ": " << failure->message);
  return std::move(std::get<Table>(outcome));
}

inline Failure refusal_of(std::string_view csv, const Limits& limits = {}) {
  MemorySource source(csv);
  const auto outcome = read_table(source, limits);
  if (std::holds_alternative<Table>(outcome)) FAIL("the file was accepted");
  return std::get<Failure>(outcome);
}

// The column `name` of a file that has another column of texts, so that no cell makes a blank line.
inline Column column_of(const std::vector<std::string>& cells, const std::string& name = "value",
                        const Limits& limits = {}) {
  std::string csv = "key\t" + name + "\n";
  for (const std::string& cell : cells) csv += "x\t" + cell + "\n";
  Table table = table_of(csv, limits);
  REQUIRE(table.columns.size() == 2);
  return std::move(table.columns[1]);
}

inline ColumnSummary summary_of(const std::vector<std::string>& cells, const std::string& name = "value") {
  return column_of(cells, name).summary;
}

inline ColumnType type_of(const std::vector<std::string>& cells, const std::string& name = "value") {
  return summary_of(cells, name).type;
}

inline std::vector<std::string> repeated(const std::vector<std::string>& cells, std::size_t times) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < times; ++i) all.insert(all.end(), cells.begin(), cells.end());
  return all;
}

inline std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

inline std::vector<std::string> numbers_to(int last) {
  std::vector<std::string> numbers;
  for (int i = 1; i <= last; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

}  // namespace circuit::analysis
