#include "workers/fulfillment/analysis/type_inference.hpp"

#include <fmt/format.h>

#include "workers/fulfillment/analysis/number_text.hpp"
#include "workers/fulfillment/analysis/utf8.hpp"
#include "workers/fulfillment/analysis/value.hpp"

namespace circuit::analysis {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view without_sign(std::string_view cell) {
  return cell.substr(!cell.empty() && (cell[0] == '-' || cell[0] == '+') ? 1 : 0);
}

bool is_too_large(std::string_view cell) {
  const std::string_view digits = without_sign(cell);
  return is_digits(digits) && digits.front() != '0';
}

bool has_decimal_comma(std::string_view cell) {
  const std::string_view number = without_sign(cell);
  const std::size_t comma = number.find(',');
  return comma != std::string_view::npos && is_digits(number.substr(0, comma)) && is_digits(number.substr(comma + 1));
}

struct Tally {
  std::size_t integers = 0;
  std::size_t reals = 0;
  std::size_t dates = 0;
  std::size_t true_or_false = 0;
  std::size_t yes_or_no = 0;
  std::string_view first_other_than_number;
  std::string_view first_other_than_date;

  [[nodiscard]] std::size_t numbers() const { return integers + reals; }
};

void count_number(Inference& inference, Tally& tally, const Number& number) {
  if (number.is_integer)
    ++tally.integers;
  else
    ++tally.reals;
  inference.numbers.push_back(number.value);
}

void count_cell(Inference& inference, Tally& tally, std::string_view cell) {
  if (const auto number = parse_number(cell)) return count_number(inference, tally, *number);
  if (tally.first_other_than_number.empty()) tally.first_other_than_number = cell;
  if (const auto moment_us = parse_date(cell)) {
    ++tally.dates;
    inference.moments_us.push_back(*moment_us);
    return;
  }
  if (tally.first_other_than_date.empty()) tally.first_other_than_date = cell;
  const Truth truth = parse_truth(cell);
  tally.true_or_false += truth == Truth::true_or_false;
  tally.yes_or_no += truth == Truth::yes_or_no;
}

ColumnType type_of(const Tally& tally, std::size_t count) {
  if (count == 0) return ColumnType::empty;
  if (tally.integers == count) return ColumnType::integer;
  if (tally.numbers() == count) return ColumnType::real;
  if (tally.dates == count) return ColumnType::date;
  if (tally.true_or_false == count || tally.yes_or_no == count) return ColumnType::boolean;
  return ColumnType::text;
}

std::string near_miss(std::size_t matching, std::size_t count, const char* nouns, std::string_view other) {
  constexpr std::size_t shown_max = 40;
  return fmt::format("{} of {} values are {}, “{}” is not.", readable_text(matching), readable_text(count), nouns,
                     clip(other, shown_max));
}

std::string find_obstacle(const Tally& tally, std::size_t count) {
  const std::string_view other = tally.first_other_than_number;
  if (is_too_large(other))
    return fmt::format("it holds whole numbers beyond {}, which cannot be computed with exactly.",
                       readable_text(static_cast<std::size_t>(exact_integer_max)));
  if (has_decimal_comma(other)) return "it holds numbers with a comma; only a decimal point is read as a number.";
  if (tally.numbers() * 10 >= count * 9) return near_miss(tally.numbers(), count, "numbers", other);
  if (tally.dates * 10 >= count * 9) return near_miss(tally.dates, count, "dates", tally.first_other_than_date);
  return {};
}

}  // namespace

Inference infer_type(std::span<const std::string_view> present) {
  Inference inference;
  Tally tally;
  for (const std::string_view cell : present) count_cell(inference, tally, cell);
  inference.type = type_of(tally, present.size());
  if (inference.type == ColumnType::text) inference.obstacle = find_obstacle(tally, present.size());
  return inference;
}

}  // namespace circuit::analysis
