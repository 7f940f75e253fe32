#include "workers/fulfillment/analysis/reading/moment.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

#include "workers/fulfillment/analysis/reading/cell_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::string_view months[] = {"january", "february", "march",     "april",   "may",      "june",
                                       "july",    "august",   "september", "october", "november", "december"};
constexpr std::string_view weekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::size_t cell_bytes_max = 48;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_separator(char c) { return c == '/' || c == '.' || c == '-'; }

// Takes pieces off the front of a cell.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // 1 to `width_max` digits; nothing if there are none, or more.
  std::optional<unsigned> digits(std::size_t width_max) {
    unsigned value = 0;
    std::size_t width = 0;
    for (; width < rest_.size() && is_digit(rest_[width]); ++width) {
      if (width == width_max) return std::nullopt;
      value = value * 10 + static_cast<unsigned>(rest_[width] - '0');
    }
    if (width == 0) return std::nullopt;
    rest_.remove_prefix(width);
    width_ = width;
    return value;
  }
  // Of the last digits().
  [[nodiscard]] std::size_t width() const { return width_; }

  bool take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view word() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_letter);
    const std::string_view word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    return word;
  }
  std::size_t spaces() {
    std::size_t count = 0;
    while (take(' ')) ++count;
    return count;
  }
  [[nodiscard]] char front() const { return rest_.empty() ? '\0' : rest_.front(); }
  [[nodiscard]] bool is_done() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  std::size_t width_ = 0;
};

// The index of the name that `word` is, or abbreviates with at least three letters.
template <std::size_t size>
std::optional<unsigned> index_of(std::string_view word, const std::string_view (&names)[size]) {
  if (word.size() < 3) return std::nullopt;
  for (unsigned i = 0; i < size; ++i)
    if (word.size() <= names[i].size() && equals_ignoring_case(word, names[i].substr(0, word.size()))) return i;
  return std::nullopt;
}

int full_year(unsigned year, std::size_t width) {
  if (width > 2) return static_cast<int>(year);
  return static_cast<int>(year < 69 ? 2000 + year : 1900 + year);
}

struct Day {
  std::chrono::year_month_day day;
  DayForm form = DayForm::year_first;
  char separator = '-';
  OrderEvidence order = OrderEvidence::none;
};

std::optional<Day> checked(DayForm form, char separator, int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok() || year < 1) return std::nullopt;
  return Day{date, form, separator};
}

std::optional<Day> year_first(Scanner& scanner, unsigned year) {
  const char separator = scanner.front();
  if (!is_separator(separator) || !scanner.take(separator)) return std::nullopt;
  const auto month = scanner.digits(2);
  if (!month) return std::nullopt;
  // YYYY-MM is a month; YYYY.MM would be a number.
  if (scanner.is_done() && separator != '.' && scanner.width() == 2)
    return checked(DayForm::year_and_month, separator, static_cast<int>(year), *month, 1);
  if (!scanner.take(separator)) return std::nullopt;
  const auto day = scanner.digits(2);
  if (!day) return std::nullopt;
  return checked(DayForm::year_first, separator, static_cast<int>(year), *month, *day);
}

// Two or four digits.
std::optional<int> last_year(Scanner& scanner) {
  const auto year = scanner.digits(4);
  if (!year || scanner.width() == 1 || scanner.width() == 3) return std::nullopt;
  return full_year(*year, scanner.width());
}

std::optional<Day> small_first(Scanner& scanner, unsigned first, DayOrder order) {
  const std::size_t first_width = scanner.width();
  const char separator = scanner.front();
  (void)scanner.take(separator);
  const auto second = scanner.digits(2);
  const bool is_padded = first_width == 2 && scanner.width() == 2;
  if (!second || !scanner.take(separator)) return std::nullopt;
  const auto year = last_year(scanner);
  // 10.4.11 may be a version.
  if (!year || (separator == '.' && scanner.width() == 2 && !is_padded)) return std::nullopt;
  const bool is_day_first = order == DayOrder::day_first;
  auto day =
      checked(DayForm::small_first, separator, *year, is_day_first ? *second : first, is_day_first ? first : *second);
  if (day && first != *second)
    day->order = std::max(first, *second) > 12 ? OrderEvidence::clear : OrderEvidence::ambiguous;
  return day;
}

std::optional<Day> day_and_name(Scanner& scanner, unsigned day) {
  const char separator = scanner.front();
  const bool is_joined = separator == '-' || separator == '/';
  if (is_joined || separator == '.') (void)scanner.take(separator);
  (void)scanner.spaces();
  const auto month = index_of(scanner.word(), months);
  if (!month) return std::nullopt;
  (void)scanner.take('.');
  if (!is_joined) (void)scanner.take(',');
  if (is_joined ? !scanner.take(separator) : scanner.spaces() == 0) return std::nullopt;
  const auto year = last_year(scanner);
  if (!year) return std::nullopt;
  return checked(DayForm::day_and_name, is_joined ? separator : ' ', *year, *month + 1, day);
}

std::optional<Day> name_first(Scanner& scanner) {
  const auto month = index_of(scanner.word(), months);
  (void)scanner.take('.');
  if (!month || (scanner.spaces() == 0 && !scanner.take('-'))) return std::nullopt;
  const auto number = scanner.digits(4);
  if (!number) return std::nullopt;
  if (scanner.width() == 4) return checked(DayForm::name_and_year, ' ', static_cast<int>(*number), *month + 1, 1);
  if (scanner.width() > 2) return std::nullopt;
  (void)scanner.take(',');
  if (scanner.spaces() == 0) return std::nullopt;
  const auto year = scanner.digits(4);
  if (!year || scanner.width() != 4) return std::nullopt;
  return checked(DayForm::name_first, ' ', static_cast<int>(*year), *month + 1, *number);
}

std::optional<Day> read_day(Scanner& scanner, DayOrder order) {
  if (is_letter(scanner.front())) {
    Scanner behind = scanner;
    if (index_of(behind.word(), weekdays)) {
      (void)behind.take('.');
      (void)behind.take(',');
      if (behind.spaces() == 0) return std::nullopt;
      scanner = behind;
    }
  }
  if (is_letter(scanner.front())) return name_first(scanner);
  const auto first = scanner.digits(4);
  if (!first) return std::nullopt;
  if (scanner.width() == 4) return year_first(scanner, *first);
  if (scanner.width() > 2) return std::nullopt;
  const std::string_view rest = scanner.rest();
  if (rest.size() > 1 && is_separator(rest[0]) && is_digit(rest[1])) return small_first(scanner, *first, order);
  return day_and_name(scanner, *first);
}

// Digits below a microsecond do not count. Nothing if there are no digits.
std::optional<std::int64_t> fraction_us(Scanner& scanner) {
  if (!is_digit(scanner.front())) return std::nullopt;
  std::int64_t value = 0;
  std::int64_t scale = 100'000;
  for (; is_digit(scanner.front()); scale /= 10) {
    value += (scanner.front() - '0') * scale;
    (void)scanner.take(scanner.front());
  }
  return value;
}

std::optional<std::int64_t> read_time_us(Scanner& scanner) {
  auto hour = scanner.digits(2);
  if (!hour || !scanner.take(':')) return std::nullopt;
  const auto minute = scanner.digits(2);
  if (!minute || scanner.width() != 2) return std::nullopt;
  unsigned second = 0;
  std::int64_t fraction = 0;
  if (scanner.take(':')) {
    const auto seconds = scanner.digits(2);
    if (!seconds || scanner.width() != 2) return std::nullopt;
    second = *seconds;
    if (scanner.take('.') || scanner.take(',')) {
      const auto digits = fraction_us(scanner);
      if (!digits) return std::nullopt;
      fraction = *digits;
    }
  }
  Scanner behind = scanner;
  (void)behind.spaces();
  const std::string_view half = behind.word();
  const bool is_am = equals_ignoring_case(half, "am");
  const bool is_pm = equals_ignoring_case(half, "pm");
  if (is_am || is_pm) {
    if (*hour < 1 || *hour > 12) return std::nullopt;
    hour = *hour % 12 + (is_pm ? 12 : 0);
    scanner = behind;
  }
  // 60 is a leap second (ISO 8601); it sorts behind its minute's last ordinary second.
  if (*hour > 23 || *minute > 59 || second > 60) return std::nullopt;
  return ((*hour * 60 + *minute) * 60 + std::int64_t{second}) * 1'000'000 + fraction;
}

std::optional<std::int64_t> read_offset_us(Scanner& scanner) {
  (void)scanner.spaces();
  if (scanner.is_done() || scanner.take('Z')) return 0;
  if (is_letter(scanner.front())) {
    const std::string_view zone = scanner.word();
    if (zone == "UTC" || zone == "GMT") return 0;
    return std::nullopt;
  }
  const bool is_west = scanner.take('-');
  if (!is_west && !scanner.take('+')) return std::nullopt;
  auto hour = scanner.digits(4);
  if (!hour || scanner.width() == 3) return std::nullopt;
  unsigned minute = 0;
  if (scanner.width() == 4) {
    minute = *hour % 100;
    hour = *hour / 100;
  } else if (scanner.take(':')) {
    const auto digits = scanner.digits(2);
    if (!digits || scanner.width() != 2) return std::nullopt;
    minute = *digits;
  }
  if (*hour > 23 || minute > 59) return std::nullopt;
  const std::int64_t offset = std::int64_t{*hour * 60 + minute} * 60'000'000;
  return is_west ? -offset : offset;
}

std::int64_t us_of(std::chrono::year_month_day day) {
  return std::chrono::sys_days(day).time_since_epoch().count() * std::int64_t{86'400'000'000};
}

}  // namespace

std::optional<Moment> read_moment(std::string_view cell, DayOrder order) {
  constexpr std::size_t shortest = 6;
  if (cell.size() < shortest || cell.size() > cell_bytes_max) return std::nullopt;
  Scanner scanner(cell);
  const auto day = read_day(scanner, order);
  if (!day) return std::nullopt;
  Moment moment{us_of(day->day), false, day->form, day->separator, day->order};
  if (scanner.is_done()) return moment;
  if (!scanner.take('T')) {
    (void)scanner.take(',');
    if (scanner.spaces() == 0) return std::nullopt;
  }
  const auto time = read_time_us(scanner);
  const auto offset = time ? read_offset_us(scanner) : std::nullopt;
  if (!offset || !scanner.is_done()) return std::nullopt;
  moment.us += *time - *offset;
  moment.has_time = true;
  return moment;
}

std::optional<Moment> read_compact_day(std::string_view cell) {
  if (cell.size() != 8 || !std::all_of(cell.begin(), cell.end(), is_digit)) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t width) { return *Scanner(cell.substr(at, width)).digits(width); };
  const unsigned year = number(0, 4);
  if (year < 1900 || year > 2100) return std::nullopt;
  const auto date = checked(DayForm::compact, '-', static_cast<int>(year), number(4, 2), number(6, 2));
  if (!date) return std::nullopt;
  return Moment{us_of(date->day), false, DayForm::compact};
}

std::string format_name(DayForm form, char separator, DayOrder order, bool has_time) {
  std::string name;
  switch (form) {
    case DayForm::year_first: name = "YYYY-MM-DD"; break;
    case DayForm::compact: name = "YYYYMMDD"; break;
    case DayForm::year_and_month: name = "YYYY-MM"; break;
    case DayForm::small_first: name = order == DayOrder::day_first ? "DD-MM-YYYY" : "MM-DD-YYYY"; break;
    case DayForm::day_and_name: name = "D-Month-YYYY"; break;
    case DayForm::name_first: name = "Month D, YYYY"; break;
    case DayForm::name_and_year: name = "Month YYYY"; break;
  }
  std::replace(name.begin(), name.end(), '-', separator);
  return has_time ? name + " HH:MM" : name;
}

}  // namespace circuit::analysis
