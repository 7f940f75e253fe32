#include "workers/fulfillment/analysis/relations/relate.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "workers/fulfillment/analysis/relations/association.hpp"
#include "workers/fulfillment/analysis/relations/compared_columns.hpp"
#include "workers/fulfillment/analysis/relations/group_difference.hpp"
#include "workers/fulfillment/analysis/relations/number_pairs.hpp"
#include "workers/fulfillment/analysis/relations/pearson.hpp"
#include "workers/fulfillment/analysis/relations/pictures.hpp"
#include "workers/fulfillment/analysis/relations/sampling.hpp"
#include "workers/fulfillment/analysis/relations/spearman.hpp"
#include "workers/fulfillment/analysis/statistics/adjusted_p.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t category_rows_budget = 50'000'000;

void add(Relations& relations, Relation relation, bool is_defined) {
  if (is_defined) {
    relations.pairs.push_back(std::move(relation));
  } else {
    ++relations.undefined;
  }
}

void compare_numbers(Relations& relations, std::span<const ComparedNumbers> numbers) {
  const auto pairs = number_pairs(numbers);
  const auto pearson = pearson_of_pairs(numbers);
  const auto spearman = spearman_of_pairs(numbers);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    Relation relation{.first = numbers[pairs[i].first].index, .second = numbers[pairs[i].second].index};
    relation.pearson = pearson[i];
    relation.spearman = spearman[i];
    if (pearson[i]) relation.strength = std::fabs(pearson[i]->r);
    if (spearman[i]) relation.strength = std::max(relation.strength, std::fabs(spearman[i]->r));
    add(relations, std::move(relation), pearson[i].has_value());
  }
}

// The category columns, or an even sample of their rows if `pairs` pairs of all rows are too many.
class SampledCategories {
 public:
  SampledCategories(std::span<const ComparedCategory> categories, std::size_t pairs) {
    if (categories.empty()) return;
    rows_ = categories.front().codes.size();
    size_ = rows_within(category_rows_budget, pairs, rows_);
    samples_.reserve(categories.size());
    for (const ComparedCategory& category : categories) {
      if (is_sampled()) samples_.push_back(even_sample(category.codes, size_));
      codes_.push_back(is_sampled() ? std::span<const std::uint32_t>(samples_.back()) : category.codes);
    }
  }

  [[nodiscard]] bool is_sampled() const { return size_ < rows_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<const std::uint32_t> codes(std::size_t category) const { return codes_[category]; }

 private:
  std::size_t rows_ = 0;
  std::size_t size_ = 0;
  std::vector<std::vector<std::uint32_t>> samples_;
  std::vector<std::span<const std::uint32_t>> codes_;
};

void compare_groups(Relations& relations, const ComparedColumns& compared) {
  const SampledCategories categories(compared.categories, compared.categories.size() * compared.numbers.size());
  if (compared.categories.empty()) return;
  for (const ComparedNumbers& number : compared.numbers) {
    const ComparedNumbers sample = categories.is_sampled() ? number.sampled(categories.size()) : ComparedNumbers{};
    const std::span<const double> values = categories.is_sampled() ? sample.values : number.values;
    for (std::size_t c = 0; c < compared.categories.size(); ++c) {
      Relation relation{.first = compared.categories[c].index, .second = number.index};
      relation.difference = group_difference(categories.codes(c), values, levels_max);
      if (relation.difference) relation.strength = std::sqrt(relation.difference->eta_squared);
      const bool is_defined = relation.difference.has_value();
      add(relations, std::move(relation), is_defined);
    }
  }
}

void compare_categories(Relations& relations, std::span<const ComparedCategory> all) {
  const SampledCategories categories(all, all.size() * (all.size() - 1) / 2);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      Relation relation{.first = all[i].index, .second = all[j].index};
      relation.association = association(categories.codes(i), categories.codes(j), levels_max);
      if (relation.association) relation.strength = relation.association->cramers_v;
      const bool is_defined = relation.association.has_value();
      add(relations, std::move(relation), is_defined);
    }
}

double p_of_strongest(const Relation& relation) {
  if (relation.difference) return relation.difference->p;
  if (relation.association) return relation.association->p;
  const bool is_spearman = relation.spearman && std::fabs(relation.spearman->r) > std::fabs(relation.pearson->r);
  return is_spearman ? relation.spearman->p : relation.pearson->p;
}

void adjust_p(std::span<Relation> pairs) {
  std::vector<double> p;
  for (const Relation& relation : pairs) p.push_back(p_of_strongest(relation));
  const std::vector<double> adjusted = benjamini_hochberg(p);
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i].p_adjusted = adjusted[i];
}

template <typename Column>
const Column& with_index(std::span<const Column> columns, std::size_t index) {
  return *std::ranges::find(columns, index, &Column::index);
}

void draw(Relation& relation, const ComparedColumns& compared) {
  const std::span<const ComparedNumbers> numbers = compared.numbers;
  const std::span<const ComparedCategory> categories = compared.categories;
  if (relation.pearson) {
    relation.points = points_of(with_index(numbers, relation.first), with_index(numbers, relation.second));
  } else if (relation.difference) {
    relation.groups = groups_of(with_index(categories, relation.first), with_index(numbers, relation.second));
  } else {
    relation.cross_table =
        cross_table_of(with_index(categories, relation.first), with_index(categories, relation.second));
  }
}

// The strongest of all, and of each kind: many numbers that go together do not hide what the categories have to say.
void draw_strongest(std::span<Relation> pairs, const ComparedColumns& compared) {
  std::size_t of_kind[3] = {};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::size_t kind = pairs[i].pearson ? 0 : pairs[i].difference ? 1 : 2;
    if (++of_kind[kind] <= pictures_of_kind_max || i < pictures_max) draw(pairs[i], compared);
  }
}

}  // namespace

Relations relate(std::span<const ColumnSummary> columns, std::span<const ColumnValues> values) {
  const ComparedColumns compared = compared_columns(columns, values);
  Relations relations;
  relations.columns_compared = compared.numbers.size() + compared.categories.size();
  relations.columns_left_out = compared.left_out;
  compare_numbers(relations, compared.numbers);
  compare_groups(relations, compared);
  compare_categories(relations, compared.categories);
  std::ranges::sort(relations.pairs, [](const Relation& a, const Relation& b) {
    return std::tuple(-a.strength, a.first, a.second) < std::tuple(-b.strength, b.first, b.second);
  });
  adjust_p(relations.pairs);
  draw_strongest(relations.pairs, compared);
  return relations;
}

}  // namespace circuit::analysis
