#include "workers/fulfillment/analysis/relations/relate.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "workers/fulfillment/analysis/relations/compared_columns.hpp"
#include "workers/fulfillment/analysis/relations/pictures.hpp"
#include "workers/fulfillment/analysis/statistics/adjusted_p.hpp"

using namespace circuit::analysis;
using Numbers = std::vector<double>;
using Codes = std::vector<std::uint32_t>;

namespace {

const double none = std::numeric_limits<double>::quiet_NaN();

struct Table {
  Table& number(Numbers numbers, ColumnType type = ColumnType::real) {
    columns.emplace_back().type = type;
    values.emplace_back().numbers = std::move(numbers);
    return *this;
  }
  Table& category(Codes codes, ColumnType type = ColumnType::category) {
    columns.emplace_back().type = type;
    ColumnValues& added = values.emplace_back();
    const std::uint32_t most = codes.empty() ? 0 : std::ranges::max(codes);
    for (std::uint32_t code = 1; code <= most; ++code) added.labels.push_back("value " + std::to_string(code));
    added.codes = std::move(codes);
    return *this;
  }
  [[nodiscard]] Relations related() const { return relate(columns, values); }

  std::vector<ColumnSummary> columns;
  std::vector<ColumnValues> values;
};

const Relation& between(const Relations& relations, std::size_t first, std::size_t second) {
  const auto found = std::ranges::find_if(
      relations.pairs, [&](const Relation& pair) { return pair.first == first && pair.second == second; });
  REQUIRE(found != relations.pairs.end());
  return *found;
}

Numbers noise(std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  Numbers values(n);
  for (double& value : values) value = std::normal_distribution<double>(0, 1)(random);
  return values;
}

Codes coin(std::size_t n, unsigned seed, std::uint32_t sides) {
  std::mt19937_64 random(seed);
  Codes codes(n);
  for (std::uint32_t& code : codes) code = static_cast<std::uint32_t>(random() % sides) + 1;
  return codes;
}

}  // namespace

TEST_CASE("every pair is compared in the way of its types") {
  const Relations relations = Table()
                                  .number({1, 2, 3, 4, 5, 6})
                                  .category({1, 2, 1, 2, 1, 2})
                                  .number({2, 1, 4, 3, 6, 5}, ColumnType::integer)
                                  .category({1, 1, 1, 2, 2, 2}, ColumnType::boolean)
                                  .related();
  CHECK(relations.columns_compared == 4);
  CHECK(relations.pairs.size() == 6);
  CHECK(between(relations, 0, 2).pearson->n == 6);
  CHECK(between(relations, 0, 2).spearman->n == 6);
  // A category comes first, wherever its column is.
  CHECK(between(relations, 1, 0).difference->groups == 2);
  CHECK(between(relations, 1, 2).difference->groups == 2);
  CHECK(between(relations, 3, 0).difference->f == 13.5);
  CHECK(between(relations, 1, 3).association->n == 6);
}

TEST_CASE("identifiers, texts, constants, dates and empty columns are not compared") {
  Table table;
  table.number({1, 2, 3, 4}).number({2, 1, 4, 3});
  for (const ColumnType type :
       {ColumnType::identifier, ColumnType::text, ColumnType::constant, ColumnType::date, ColumnType::empty}) {
    table.number({5, 6, 7, 8}, type);
    table.category({1, 2, 1, 2}, type);
  }
  table.number({});
  table.category({});
  const Relations relations = table.related();
  CHECK(relations.columns_compared == 2);
  CHECK(relations.pairs.size() == 1);
  CHECK(relations.columns_left_out == 0);
  CHECK(relations.undefined == 0);
}

TEST_CASE("the strongest relation comes first, whichever kind it is, and equals in the order of the columns") {
  const Numbers x = noise(60, 1);
  Numbers like_x = x;
  for (std::size_t i = 0; i < x.size(); ++i) like_x[i] += noise(60, 2)[i] / 4;
  Codes sign;
  for (const double value : x) sign.push_back(value > 0 ? 1 : 2);
  const Relations relations = Table().number(x).number(like_x).category(sign).category(sign).number(x).related();
  REQUIRE(relations.pairs.size() == 10);
  for (std::size_t i = 1; i < relations.pairs.size(); ++i)
    CHECK(relations.pairs[i - 1].strength >= relations.pairs[i].strength);
  CHECK(relations.pairs[0].first == 0);
  CHECK(relations.pairs[0].second == 4);
  CHECK(relations.pairs[1].first == 2);
  CHECK(relations.pairs[1].second == 3);
  // Columns 0 and 4 are the same, so what they have with column 1 is equally strong.
  CHECK(relations.pairs[2].first == 0);
  CHECK(relations.pairs[2].second == 1);
  CHECK(relations.pairs[3].first == 1);
  CHECK(relations.pairs[3].second == 4);
}

TEST_CASE("strength is the larger of r and rho, the correlation ratio, or the corrected V") {
  const Relations relations = Table()
                                  .number({1, 2, 3, 4, 5, 6})
                                  .number({-1, -10, -100, -1000, -10000, -100000})
                                  .category({1, 1, 1, 2, 2, 2})
                                  .category({1, 1, 2, 2, 2, 1})
                                  .related();
  const Relation& numbers = between(relations, 0, 1);
  CHECK(numbers.strength == 1);
  CHECK(std::fabs(numbers.pearson->r) < 0.8);
  const Relation& groups = between(relations, 2, 0);
  CHECK(groups.strength == std::sqrt(groups.difference->eta_squared));
  const Relation& categories = between(relations, 2, 3);
  CHECK(categories.strength == categories.association->cramers_v);
}

TEST_CASE("p-values are adjusted over all relations, by their strongest measures") {
  const Numbers x = noise(50, 1);
  Numbers bent = x;
  for (double& value : bent) value = std::exp(5 * value);
  const Relations relations =
      Table().number(x).number(bent).number(noise(50, 3)).category(coin(50, 4, 3)).category(coin(50, 5, 2)).related();
  REQUIRE(relations.pairs.size() == 10);
  std::vector<double> p;
  for (const Relation& pair : relations.pairs) {
    if (pair.difference) p.push_back(pair.difference->p);
    if (pair.association) p.push_back(pair.association->p);
    if (pair.pearson)
      p.push_back(std::fabs(pair.spearman->r) > std::fabs(pair.pearson->r) ? pair.spearman->p : pair.pearson->p);
  }
  const auto adjusted = benjamini_hochberg(p);
  for (std::size_t i = 0; i < p.size(); ++i) CHECK(relations.pairs[i].p_adjusted == adjusted[i]);
  CHECK(relations.pairs[0].spearman->r == 1);
  CHECK(relations.pairs[0].p_adjusted < 1e-100);
}

TEST_CASE("what has no measure is counted as undefined") {
  const Relations relations = Table()
                                  .number({1, 2, 3, none})
                                  .number({none, none, none, 4})  // no row in common
                                  .number({7, 7, 7, 9})           // constant where the first has values
                                  .category({1, 1, 1, 1})
                                  .category({1, 2, 1, 2})
                                  .related();
  // Of the numbers: all three pairs. The category of one value: three numbers and a category. The other one: the number
  // with a single value.
  CHECK(relations.undefined == 3 + 4 + 1);
  CHECK(relations.pairs.size() == 2);
}

TEST_CASE("columns beyond the limits are left out, and counted") {
  Table table;
  for (unsigned i = 0; i < 66; ++i) table.number(noise(5, i));
  for (unsigned i = 0; i < 35; ++i) table.category(coin(5, i, 2));
  const Relations relations = table.related();
  CHECK(relations.columns_compared == 64 + 32);
  CHECK(relations.columns_left_out == 2 + 3);
  CHECK(relations.pairs.size() + relations.undefined == 64 * 63 / 2 + 64 * 32 + 32 * 31 / 2);
  CHECK(
      std::ranges::all_of(relations.pairs, [](const Relation& pair) { return pair.first != 65 && pair.second != 65; }));
}

TEST_CASE("only the strongest relations have what a picture needs") {
  Table table;
  for (unsigned i = 0; i < 9; ++i) table.number(noise(40, i));
  const Relations relations = table.related();
  REQUIRE(relations.pairs.size() == 36);
  for (std::size_t i = 0; i < 36; ++i) CHECK(relations.pairs[i].points.empty() == (i >= pictures_max));
}

TEST_CASE("points are an even sample of the rows that both have") {
  Numbers x(2'001);
  Numbers y(2'001);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<double>(i);
    y[i] = i % 2 == 0 ? 2 * x[i] : none;
  }
  const Relations relations = Table().number(x).number(y).related();
  const auto& points = relations.pairs.at(0).points;
  REQUIRE(points.size() == points_max);
  CHECK(points[0].x == 0);
  CHECK(points[399].x > 1'990);
  for (std::size_t i = 0; i < points.size(); ++i) CHECK(points[i].y == 2 * points[i].x);
  for (std::size_t i = 1; i < points.size(); ++i) {
    CHECK(points[i].x - points[i - 1].x >= 4);
    CHECK(points[i].x - points[i - 1].x <= 6);
  }
  const auto complete = Table().number(x).number(noise(2'001, 1)).related().pairs.at(0).points;
  REQUIRE(complete.size() == points_max);
  for (std::size_t i = 0; i < complete.size(); ++i)
    CHECK(complete[i].x == std::floor(static_cast<double>(i) * 2'001 / 400));
  CHECK(Table().number({1, none, 3, 4, 9}).number({1, 2, 3, none, 5}).related().pairs.at(0).points.size() == 3);
}

TEST_CASE("points of extreme numbers are the numbers themselves") {
  const auto points =
      Table().number({1e300, -2e300, 3e300}).number({5e-324, 1e-323, 2e-323}).related().pairs.at(0).points;
  REQUIRE(points.size() == 3);
  CHECK(points[1].x == -2e300);
  CHECK(points[2].y == 2e-323);
}

TEST_CASE("groups come by falling mean, with their quartiles") {
  const auto relations =
      Table().category({1, 1, 1, 1, 2, 2, 3, 0, 1}).number({1, 2, 3, 10, 7, 9, 5, 100, none}).related();
  const auto& groups = relations.pairs.at(0).groups;
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].label == "value 2");
  CHECK(groups[0].n == 2);
  CHECK(groups[0].mean == 8);
  CHECK(groups[1].label == "value 3");
  CHECK(groups[2].label == "value 1");
  CHECK(groups[2].n == 4);
  CHECK(groups[2].mean == 4);
  CHECK(groups[2].first_quartile == 1.75);
  CHECK(groups[2].median == 2.5);
  CHECK(groups[2].third_quartile == 4.75);
}

TEST_CASE("of many groups the most frequent are kept") {
  Codes codes;
  for (std::uint32_t code = 1; code <= 20; ++code) codes.insert(codes.end(), code, code);  // 20 is the most frequent
  Numbers numbers = noise(codes.size(), 9);
  for (std::size_t i = 0; i < codes.size(); ++i) numbers[i] += codes[i];
  const auto relations = Table().category(codes).number(numbers).related();
  const auto& groups = relations.pairs.at(0).groups;
  REQUIRE(groups.size() == groups_max);
  for (const Group& group : groups) CHECK(group.n >= 9);
}

TEST_CASE("a mean of a group of huge numbers is finite") {
  const auto relations = Table().category({1, 1, 2, 2, 2}).number({1.7e308, 1.6e308, 1, 2, 3}).related();
  const auto& groups = relations.pairs.at(0).groups;
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].mean == Approx(1.65e308));
  CHECK(groups[1].mean == 2);
}

TEST_CASE("a cross table counts the most frequent values of both") {
  const auto relations = Table().category({1, 1, 1, 2, 2, 3, 0, 1}).category({2, 2, 1, 2, 1, 2, 1, 0}).related();
  const CrossTable& table = *relations.pairs.at(0).cross_table;
  CHECK(table.row_labels == std::vector<std::string>{"value 1", "value 2", "value 3"});
  CHECK(table.column_labels == std::vector<std::string>{"value 2", "value 1"});
  CHECK(table.counts == std::vector<std::vector<std::size_t>>{{2, 1}, {1, 1}, {1, 0}});
  CHECK(table.row_totals == std::vector<std::size_t>{3, 2, 1});
  CHECK(table.column_totals == std::vector<std::size_t>{4, 2});
  CHECK(table.total == 6);
  const auto wide = Table().category(coin(500, 1, 30)).category(coin(500, 2, 30)).related();
  CHECK(wide.pairs.at(0).cross_table->counts.size() == cross_table_side_max);
  CHECK(wide.pairs.at(0).cross_table->counts.front().size() == cross_table_side_max);
  CHECK(wide.pairs.at(0).cross_table->total == 500);
}

TEST_CASE("a category has its picture although many numbers go together more closely") {
  Table table;
  const auto codes = coin(100, 1, 3);
  const auto shared = noise(100, 2);
  for (unsigned i = 0; i < 9; ++i) {
    auto numbers = noise(100, 10 + i);
    for (std::size_t row = 0; row < 100; ++row) numbers[row] = 10 * shared[row] + numbers[row] + codes[row];
    table.number(numbers);
  }
  const Relations relations = table.category(codes).related();
  const Relation& group =
      *std::ranges::find_if(relations.pairs, [](const auto& pair) { return pair.difference.has_value(); });
  CHECK(&group >= &relations.pairs[pictures_max]);
  CHECK(group.groups.size() == 3);
}

TEST_CASE("many rows of many categories are compared over a sample") {
  Table table;
  const std::size_t rows = 130'000;
  for (unsigned i = 0; i < 30; ++i) table.category(coin(rows, i, 4));
  table.number(noise(rows, 40));
  const Relations relations = table.related();
  // 435 pairs of categories; 30 with the number.
  CHECK(between(relations, 0, 1).association->n == 50'000'000 / 435);
  CHECK(between(relations, 0, 30).difference->n == rows);
}

TEST_CASE("tables without columns, rows or pairs have no relations") {
  CHECK(Table().related().pairs.empty());
  CHECK(Table().number({1, 2, 3}).related().pairs.empty());
  CHECK(Table().category({1, 2, 1}).related().pairs.empty());
  CHECK(Table().number({}).category({}).number({}).related().columns_compared == 0);
}

TEST_CASE("no measure is NaN or infinite, whatever the numbers are") {
  constexpr double largest = std::numeric_limits<double>::max();
  const Relations relations = Table()
                                  .number({largest, -largest, 0, 1, largest})
                                  .number({5e-324, 1e-323, none, 0, -5e-324})
                                  .number({1, 1, 1, 1, 1 + 1e-15})
                                  .number({1e-300, 1e300, 3, none, 5})
                                  .category({1, 2, 1, 2, 1})
                                  .category({1, 2, 3, 3, 0})
                                  .related();
  CHECK(relations.pairs.size() + relations.undefined == 15);
  CHECK(relations.pairs.size() >= 12);
  for (const Relation& pair : relations.pairs) {
    const Correlation r = pair.pearson.value_or(Correlation{});
    const Correlation rho = pair.spearman.value_or(Correlation{});
    const GroupDifference difference = pair.difference.value_or(GroupDifference{});
    const Association association = pair.association.value_or(Association{});
    for (const double value :
         {r.r, r.p, rho.r, rho.p, difference.eta_squared, difference.f, difference.p, association.chi_squared,
          association.cramers_v, association.p, pair.strength, pair.p_adjusted})
      CHECK(std::isfinite(value));
    for (const Group& group : pair.groups)
      for (const double value : {group.mean, group.first_quartile, group.median, group.third_quartile})
        CHECK(std::isfinite(value));
  }
}
