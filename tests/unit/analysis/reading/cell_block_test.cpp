#include "workers/fulfillment/analysis/reading/cell_block.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace circuit::analysis;

namespace {

// A record of so many cells, each the same.
void add(CellBlock& block, std::string_view cell, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) block.put(i, cell);
  block.commit(width, width);
}

std::string text_of(const CellBlock& block, std::size_t column) {
  std::string text;
  for (const std::string_view cell : block.column(column)) text += cell.data() == nullptr ? "-" : cell;
  return text;
}

}  // namespace

TEST_CASE("cells of records of all widths stand in their columns") {
  CellBlock block(4);
  for (const std::size_t width : {2, 1, 3, 0, 5, 2}) add(block, std::string_view("012345").substr(width, 1), width);
  CHECK(block.rows() == 6);
  CHECK(block.width() == 4);
  CHECK(text_of(block, 0) == "213-52");
  CHECK(text_of(block, 1) == "2-3-52");
  CHECK(text_of(block, 2) == "--3-5-");
  CHECK(text_of(block, 3) == "----5-");
  CHECK(block.hashes()[4] == 5);
}

TEST_CASE("a block is as wide as its widest record") {
  CellBlock block(100);
  add(block, "x", 3);
  CHECK(block.width() == 3);
  block.clear();
  CHECK(block.rows() == 0);
  CHECK(block.width() == 0);
}

TEST_CASE("cells of a record that was not committed, or of an earlier filling, are gone") {
  CellBlock block(3);
  for (int i = 0; i < 3; ++i) add(block, "x", 3);
  block.clear();
  for (std::size_t i = 0; i < 3; ++i) block.put(i, "y");
  add(block, "z", 1);
  CHECK(text_of(block, 0) == "z");
  add(block, "w", 3);
  CHECK(text_of(block, 1) == "-w");
  CHECK(text_of(block, 2) == "-w");
}

TEST_CASE("a block is full at about sixteen thousand cells, and holds a record of any width") {
  const auto rows_max = [](std::size_t columns) {
    CellBlock block(columns);
    while (!block.is_full()) add(block, "x", 1);
    return block.rows();
  };
  CHECK(rows_max(1) == 2048);
  CHECK(rows_max(8) == 2048);
  CHECK(rows_max(1000) == 16);
  CHECK(rows_max(100'000) == 1);
}
