#include "workers/fulfillment/analysis/columns/column_builder.hpp"

#include "workers/fulfillment/analysis/columns/date_column.hpp"
#include "workers/fulfillment/analysis/columns/number_column.hpp"
#include "workers/fulfillment/analysis/columns/text_column.hpp"

namespace circuit::analysis {

std::unique_ptr<ColumnBuilder> make_builder(const ColumnPlan& plan, const Limits& limits, TextBudget& budget) {
  switch (plan.expects) {
    case Expectation::number: return std::make_unique<NumberColumn>(plan, budget);
    case Expectation::date:
    case Expectation::compact_day: return std::make_unique<DateColumn>(plan, budget);
    case Expectation::text: break;
  }
  return std::make_unique<TextColumn>(plan, limits.distinct_max, budget);
}

}  // namespace circuit::analysis
