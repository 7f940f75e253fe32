// The dates of value.hpp: a strict reader, calendar included, and no guessing.
#include <array>
#include <chrono>

#include "workers/fulfillment/analysis/value.hpp"

namespace circuit::analysis {
namespace {

// Takes fixed-width pieces off the front of a cell; once a piece does not fit, every later one fails too.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  unsigned digits(std::size_t width) {
    unsigned value = 0;
    if (rest_.size() < width) return fail();
    for (const char c : rest_.substr(0, width)) {
      if (!is_digit(c)) return fail();
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }

  void literal(char expected) {
    if (!take(expected)) fail();
  }

  bool take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Up to six digits count; further ones are below a microsecond.
  std::int64_t fraction_us() {
    if (rest_.empty() || !is_digit(rest_.front())) return fail();
    std::int64_t value = 0;
    std::int64_t scale = 100'000;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), scale /= 10)
      value += (rest_.front() - '0') * scale;
    return value;
  }

  unsigned fail() {
    is_good_ = false;
    return 0;
  }
  [[nodiscard]] bool is_good() const { return is_good_; }
  [[nodiscard]] bool is_done() const { return rest_.empty(); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  std::string_view rest_;
  bool is_good_ = true;
};

std::chrono::year_month_day read_day(Scanner& scanner, std::string_view cell) {
  const bool is_day_first = cell[2] == '.';
  const char separator = is_day_first ? '.' : cell[4] == '/' ? '/' : '-';
  std::array<unsigned, 3> parts{};
  parts[0] = scanner.digits(is_day_first ? 2 : 4);
  scanner.literal(separator);
  parts[1] = scanner.digits(2);
  scanner.literal(separator);
  parts[2] = scanner.digits(is_day_first ? 4 : 2);
  const unsigned year = is_day_first ? parts[2] : parts[0];
  const unsigned day = is_day_first ? parts[0] : parts[2];
  return {std::chrono::year(static_cast<int>(year)), std::chrono::month(parts[1]), std::chrono::day(day)};
}

std::int64_t read_time_us(Scanner& scanner) {
  const unsigned hour = scanner.digits(2);
  scanner.literal(':');
  const unsigned minute = scanner.digits(2);
  const bool has_seconds = scanner.take(':');
  const unsigned second = has_seconds ? scanner.digits(2) : 0;
  // 60 is a leap second (ISO 8601); it sorts behind its minute's last ordinary second.
  if (hour > 23 || minute > 59 || second > 60) scanner.fail();
  const std::int64_t fraction = has_seconds && scanner.take('.') ? scanner.fraction_us() : 0;
  return ((hour * 60 + minute) * 60 + std::int64_t{second}) * 1'000'000 + fraction;
}

std::int64_t read_offset_us(Scanner& scanner) {
  if (scanner.is_done() || scanner.take('Z')) return 0;
  const bool is_west = scanner.take('-');
  if (!is_west) scanner.literal('+');
  const unsigned hour = scanner.digits(2);
  scanner.take(':');
  const unsigned minute = scanner.digits(2);
  if (hour > 23 || minute > 59) scanner.fail();
  const std::int64_t offset = (hour * 60 + std::int64_t{minute}) * 60'000'000;
  return is_west ? -offset : offset;
}

}  // namespace

std::optional<std::int64_t> parse_date(std::string_view cell) {
  constexpr std::size_t day_length = 10;
  if (cell.size() < day_length || cell[0] < '0' || cell[0] > '9') return std::nullopt;
  Scanner scanner(cell);
  const std::chrono::year_month_day day = read_day(scanner, cell);
  if (!scanner.is_good() || !day.ok()) return std::nullopt;
  std::int64_t time_us = std::chrono::sys_days(day).time_since_epoch().count() * std::int64_t{86'400'000'000};
  if (!scanner.is_done()) {
    if (!scanner.take('T') && !scanner.take(' ')) return std::nullopt;
    time_us += read_time_us(scanner);
    time_us -= read_offset_us(scanner);
  }
  if (!scanner.is_good() || !scanner.is_done()) return std::nullopt;
  return time_us;
}

}  // namespace circuit::analysis
