#include "workers/fulfillment/analysis/columns/column_set.hpp"

#include <algorithm>
#include <utility>

namespace circuit::analysis {
namespace {

constexpr std::size_t rows_kept_min = 1000;

std::size_t rows_kept_max(const Limits& limits, std::size_t columns) {
  return std::max(rows_kept_min, limits.kept_cells_max / std::max<std::size_t>(1, columns));
}

}  // namespace

ColumnSet::ColumnSet(std::span<const ColumnPlan> plans, const Limits& limits, TextBudget& budget)
    : rows_(rows_kept_max(limits, plans.size())) {
  for (const ColumnPlan& plan : plans) columns_.push_back({make_builder(plan, limits, budget)});
}

void ColumnSet::reserve(std::size_t rows) {
  for (const Fed& column : columns_) column.builder->reserve(std::min(rows, rows_.rows_max()));
}

void ColumnSet::add(const CellBlock& block) {
  const std::size_t first_row = rows_.seen();
  std::size_t kept = rows_.kept();
  if (rows_.extend(block.rows())) {
    const auto stays = static_cast<std::size_t>(std::count(rows_.keeps().begin(), rows_.keeps().end(), 1));
    for (Fed& column : columns_) {
      catch_up(column, first_row, kept);
      column.builder->thin(rows_.keeps());
      column.kept = stays;
    }
    kept = stays;
  }
  for (std::size_t i = 0; i < block.width(); ++i) {
    Fed& column = columns_[i];
    catch_up(column, first_row, kept);
    column.builder->add(block.column(i), first_row, rows_.added());
    column.rows = rows_.seen();
    column.kept = rows_.kept();
  }
}

void ColumnSet::complete() {
  for (Fed& column : columns_) catch_up(column, rows_.seen(), rows_.kept());
}

void ColumnSet::catch_up(Fed& column, std::size_t rows, std::size_t kept) {
  if (column.rows == rows) return;
  column.builder->add_missing(column.rows, rows - column.rows, kept - column.kept);
  column.rows = rows;
  column.kept = kept;
}

Column ColumnSet::finish(std::size_t i, std::string name) {
  return std::exchange(columns_[i].builder, nullptr)->finish(std::move(name));
}

}  // namespace circuit::analysis
