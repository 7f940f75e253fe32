#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "workers/fulfillment/analysis/findings/relation_findings.hpp"
#include "workers/fulfillment/analysis/findings/score.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"
#include "workers/fulfillment/analysis/relations/compared_columns.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr double strength_told_min = 0.15;

// One cell of a cross table and its margins.
struct Cell {
  std::size_t row = 0;
  std::size_t column = 0;
  double count = 0;
  double row_total = 0;
  double column_total = 0;
  double total = 0;

  // How far the count lies above what independence lets expect, in its standard deviations (Haberman 1973).
  [[nodiscard]] double adjusted_residual() const {
    const double expected = row_total * column_total / total;
    const double spread = std::sqrt(expected * (1 - row_total / total) * (1 - column_total / total));
    return spread > 0 ? (count - expected) / spread : 0;
  }
};

std::vector<Cell> cells_of(const CrossTable& table) {
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < table.row_labels.size(); ++i)
    for (std::size_t j = 0; j < table.column_labels.size(); ++j)
      cells.push_back({.row = i,
                       .column = j,
                       .count = static_cast<double>(table.counts[i][j]),
                       .row_total = static_cast<double>(table.row_totals[i]),
                       .column_total = static_cast<double>(table.column_totals[j]),
                       .total = static_cast<double>(table.total)});
  return cells;
}

// The cell that stands out most, of those with some rows.
std::optional<Cell> most_over_represented(const CrossTable& table) {
  constexpr double count_min = 5;
  std::optional<Cell> best;
  for (const Cell& cell : cells_of(table)) {
    if (cell.count < count_min || cell.count * 200 < cell.total) continue;
    if (!best || cell.adjusted_residual() > best->adjusted_residual()) best = cell;
  }
  return best && best->adjusted_residual() > 0 ? best : std::nullopt;
}

// One side of a cell: where `given` has its value, the other column has `told` in so many rows.
struct Side {
  const ColumnSummary* column;
  const std::string* label;
  double total;
};

std::string side_text(const Cell& cell, const Side& told, const Side& given) {
  const auto count = [](double value) { return readable_text(static_cast<std::size_t>(value)); };
  return fmt::format("where {} is {}, {} is {} in {} of the rows ({} of {}), but in {} of all.",
                     in_quotes(given.column->name), in_quotes(*given.label), in_quotes(told.column->name),
                     in_quotes(*told.label), share_text(cell.count / given.total), count(cell.count),
                     count(given.total), share_text(told.total / cell.total));
}

// Told in the direction that differs more.
std::string cell_text(const Cell& cell, const CrossTable& table, const ColumnSummary& first,
                      const ColumnSummary& second) {
  const Side row{&first, &table.row_labels[cell.row], cell.row_total};
  const Side column{&second, &table.column_labels[cell.column], cell.column_total};
  const double row_excess = cell.count / cell.column_total - cell.row_total / cell.total;
  const double column_excess = cell.count / cell.row_total - cell.column_total / cell.total;
  return fmt::format("{} and {} hang together: {}", in_quotes(first.name), in_quotes(second.name),
                     row_excess >= column_excess ? side_text(cell, row, column) : side_text(cell, column, row));
}

// Each value of the finer column goes with one of the coarser.
bool is_hierarchy(const Relation& relation) {
  return relation.association->cramers_v_uncorrected >= copy_strength_min && relation.association->n >= copy_rows_min;
}

Finding hierarchy_finding(const Relation& relation, std::size_t index, const std::vector<ColumnSummary>& columns) {
  const bool is_first_finer = columns[relation.first].distinct > columns[relation.second].distinct;
  const ColumnSummary& finer = columns[is_first_finer ? relation.first : relation.second];
  const ColumnSummary& coarser = columns[is_first_finer ? relation.second : relation.first];
  return {.kind = "hierarchy",
          .text = fmt::format("Each {}{} belongs to one {} only ({} and {} different values).",
                              finer.distinct > levels_max ? "frequent " : "", in_quotes(finer.name),
                              in_quotes(coarser.name), readable_text(finer.distinct), readable_text(coarser.distinct)),
          .score = score(1, certainty_of_p(relation.p_adjusted), interest::hierarchy),
          .columns = {relation.first, relation.second},
          .evidence = Evidence::relation,
          .evidence_index = index};
}

}  // namespace

bool is_copy(const Relation& relation, const std::vector<ColumnSummary>& columns) {
  if (relation.pearson)
    return std::fabs(relation.pearson->r) > copy_strength_min && relation.pearson->n >= copy_rows_min;
  return relation.association && is_hierarchy(relation) &&
         columns[relation.first].distinct == columns[relation.second].distinct;
}

std::vector<Finding> association_findings(const Analysis& analysis) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < analysis.relations.pairs.size(); ++i) {
    const Relation& relation = analysis.relations.pairs[i];
    if (!relation.association || relation.p_adjusted >= p_told_max || is_copy(relation, analysis.columns)) continue;
    if (is_hierarchy(relation)) {
      findings.push_back(hierarchy_finding(relation, i, analysis.columns));
      continue;
    }
    if (relation.strength < strength_told_min || !relation.cross_table) continue;
    const auto cell = most_over_represented(*relation.cross_table);
    if (!cell) continue;
    findings.push_back({.kind = "association",
                        .text = cell_text(*cell, *relation.cross_table, analysis.columns[relation.first],
                                          analysis.columns[relation.second]),
                        .score = score(relation.strength, certainty_of_p(relation.p_adjusted), interest::association),
                        .columns = {relation.first, relation.second},
                        .evidence = Evidence::relation,
                        .evidence_index = i,
                        .caveat = relation.association->has_small_cells
                                      ? "Many combinations are rare, so the test behind it is rough."
                                      : ""});
  }
  return findings;
}

}  // namespace circuit::analysis
