#include "workers/fulfillment/analysis/reading/dialect.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "workers/fulfillment/analysis/reading/cell_text.hpp"
#include "workers/fulfillment/analysis/reading/number.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t guess_bytes_max = 64 * 1024;
constexpr std::size_t guess_records_max = 100;
constexpr std::size_t sample_bytes_max = 256 * 1024;
constexpr std::size_t sample_records_max = 400;
constexpr std::size_t sample_cells_max = 1000;  // of one record
constexpr std::size_t preamble_records_max = 20;

// In the order of preference on a tie: the comma comes last, because it is also a decimal comma and punctuation.
constexpr char delimiters[] = {'\t', ';', '|', ','};

struct Record {
  std::string_view text;  // its line end may be with it
  std::vector<std::string_view> cells;
  std::size_t width = 0;
};

struct Split {
  std::vector<Record> records;
  std::size_t end = 0;  // where the first record begins that is not among them
};

Split split(std::string_view text, bool is_last, char delimiter, std::size_t records_max, Arena& arena) {
  Split result;
  RecordSplitter splitter(text, is_last, delimiter, arena);
  while (result.records.size() < records_max) {
    (void)splitter.skip_blank_lines();
    if (splitter.is_done()) break;
    Record record;
    const std::size_t at = splitter.at();
    const auto outcome = splitter.next([&](std::string_view cell) {
      if (++record.width <= sample_cells_max) record.cells.push_back(cell);
    });
    if (outcome == RecordSplitter::Result::incomplete) break;
    if (outcome == RecordSplitter::Result::unclosed_quote) {
      splitter.read_quote_literally();
      continue;
    }
    record.text = text.substr(at, splitter.at() - at);
    result.records.push_back(std::move(record));
  }
  result.end = splitter.at();
  return result;
}

struct Frequent {
  std::size_t width = 1;
  std::size_t count = 0;
};

// Lines that begin with # may be comments, in any number: they have no say unless there is nothing else.
void drop_likely_comments(std::vector<Record>& records) {
  const auto begins_with_hash = [](const Record& record) { return record.text.starts_with('#'); };
  if (!std::all_of(records.begin(), records.end(), begins_with_hash)) std::erase_if(records, begins_with_hash);
}

Frequent most_frequent_width(const std::vector<Record>& records) {
  std::map<std::size_t, std::size_t> counts;
  for (const Record& record : records) ++counts[record.width];
  Frequent best;
  for (const auto& [width, count] : counts)
    if (count > best.count) best = {width, count};
  return best;
}

// A cell that holds another delimiter was probably cut at the wrong places; a number with a comma, or a comma in a
// sentence, is innocent.
bool is_clean(std::string_view cell, char delimiter) {
  for (const char other : delimiters) {
    const std::size_t at = other == delimiter ? std::string_view::npos : cell.find(other);
    if (at == std::string_view::npos || at + 1 == cell.size() || cell[at + 1] == ' ') continue;
    if (!read_number(trimmed(cell), decimal_point).is_number() &&
        !read_number(trimmed(cell), decimal_comma).is_number())
      return false;
  }
  return true;
}

double clean_share(const std::vector<Record>& records, char delimiter) {
  std::size_t cells = 0;
  std::size_t clean = 0;
  for (const Record& record : records)
    for (const std::string_view cell : record.cells) {
      ++cells;
      clean += is_clean(cell, delimiter);
    }
  return cells == 0 ? 1 : static_cast<double>(clean) / static_cast<double>(cells);
}

// How well the delimiter cuts the sample into more than one field; 0 to 1: the share of the records that have the usual
// width, less for a delimiter that leaves other delimiters inside of its cells, or that the first record does not bear
// out.
double score(const std::vector<Record>& records, char delimiter) {
  if (records.empty()) return 0;
  const auto [width, count] = most_frequent_width(records);
  const std::size_t first_width = records.front().width;
  // If no delimiter is consistent, a first record that it cuts is still a hint.
  if (width < 2) return first_width > 1 ? 0.01 : 0;
  const double share = static_cast<double>(count) / static_cast<double>(records.size());
  const double borne_out = first_width == width || first_width == 1 ? 1 : 0.5;
  return share * borne_out * (0.5 + 0.5 * clean_share(records, delimiter));
}

bool cuts_first_record(const std::vector<Record>& records) {
  return !records.empty() && records.front().width == most_frequent_width(records).width;
}

void choose_delimiter(std::string_view text, bool is_last, Dialect& dialect) {
  double best = 0;
  double best_rivalry = 0;  // how much the best one would put in doubt another one that is better
  double rivalry = 0;
  for (const char candidate : delimiters) {
    Arena arena;
    Split sample = split(text, is_last, candidate, guess_records_max, arena);
    // No record ends in so much text: probably, a quote is never closed.
    if (sample.records.empty()) sample = split(text, true, candidate, guess_records_max, arena);
    drop_likely_comments(sample.records);
    const double candidate_score = score(sample.records, candidate);
    // What does not cut the first record as it cuts the others is mostly a decimal comma, or punctuation.
    const double doubt = candidate_score * (cuts_first_record(sample.records) ? 1 : 0.25);
    if (candidate_score > best) {
      best = candidate_score;
      rivalry = std::max(rivalry, std::exchange(best_rivalry, doubt));
      dialect.delimiter = candidate;
    } else {
      rivalry = std::max(rivalry, doubt);
    }
  }
  // One column, and nothing that looks like a delimiter.
  dialect.delimiter_confidence = best == 0 ? 1 : best * (1 - 0.5 * rivalry);
}

// Reads on until the start of the file holds some whole records, if there are any.
void read_ahead(TextWindow& window) {
  while (window.text().size() < sample_bytes_max && window.grow(window.text().size())) {
  }
  for (;;) {
    Arena arena;
    const Split start = split(window.text(), window.is_last(), ',', 2, arena);
    if (start.records.size() == 2 || !window.grow(start.end)) return;
  }
}

// A title, or what else stands above a table, in the first of its cells alone.
bool is_title(const Record& record, std::size_t usual_width) {
  if (record.width == 1) return usual_width > 1;
  const auto is_empty = [](std::string_view cell) { return trimmed(cell).empty(); };
  return record.width == usual_width && usual_width > 2 && !is_empty(record.cells.front()) &&
         !is_data(trimmed(record.cells.front())) && std::all_of(record.cells.begin() + 1, record.cells.end(), is_empty);
}

Records cells_of(std::vector<Record>::iterator from, std::vector<Record>::iterator to) {
  Records cells;
  for (; from != to; ++from) cells.push_back(from->cells);
  return cells;
}

// How many records stand above the table. Titles do; other short records do if what follows them is clearly a header:
// otherwise the first of them is a header itself, with too few names.
std::size_t count_preamble(std::vector<Record>& records, std::size_t usual_width) {
  const auto end = records.begin() + static_cast<std::ptrdiff_t>(std::min(records.size(), preamble_records_max));
  const auto titles_end =
      std::find_if_not(records.begin(), end, [&](const Record& record) { return is_title(record, usual_width); });
  const auto table = std::find_if(titles_end, end, [&](const Record& record) {
    return record.width >= usual_width && !is_title(record, usual_width);
  });
  if (titles_end == end || table == end) return 0;
  if (table == titles_end) return static_cast<std::size_t>(table - records.begin());
  const HeaderGuess guess = guess_header(cells_of(table, std::min(records.end(), table + 20)));
  const bool is_header = guess.has_header && guess.confidence > 0.9;
  return static_cast<std::size_t>((is_header ? table : titles_end) - records.begin());
}

// A delimiter at the end of the header alone names nothing.
std::size_t count_names(const Record& header, std::size_t usual_width) {
  std::size_t names = header.width;
  while (names > usual_width && names <= header.cells.size() && trimmed(header.cells[names - 1]).empty()) --names;
  return names;
}

std::size_t usual_width(std::vector<Record> records) {
  drop_likely_comments(records);
  return most_frequent_width(records).width;
}

}  // namespace

bool is_comment(std::string_view record, std::size_t width, std::size_t usual_width) {
  if (!record.starts_with('#')) return false;
  constexpr std::string_view spaces = " \t\r\n";
  return usual_width > 1 ? width != usual_width
                         : record.size() == 1 || spaces.find(record[1]) != std::string_view::npos;
}

Dialect detect_dialect(TextWindow& window, Sample& sample) {
  Dialect dialect;
  read_ahead(window);
  if (window.failure()) return dialect;
  const std::string_view text = window.text();
  const std::size_t first_line = std::min(text.size(), text.find('\n') + 1);
  const std::string_view start = text.substr(0, std::max(guess_bytes_max, first_line));
  choose_delimiter(start, window.is_last() && start.size() == text.size(), dialect);
  std::vector<Record> records =
      split(text, window.is_last(), dialect.delimiter, sample_records_max, sample.arena).records;
  if (records.empty()) return dialect;
  dialect.usual_width = usual_width(records);
  std::erase_if(records,
                [&](const Record& record) { return is_comment(record.text, record.width, dialect.usual_width); });
  if (records.empty()) return dialect;
  dialect.preamble_records = count_preamble(records, dialect.usual_width);
  sample.records = cells_of(records.begin() + static_cast<std::ptrdiff_t>(dialect.preamble_records), records.end());
  const HeaderGuess guess = guess_header(sample.records);
  dialect.has_header = guess.has_header;
  if (guess.has_header) dialect.header_width = count_names(records[dialect.preamble_records], dialect.usual_width);
  dialect.header_confidence = guess.confidence;
  return dialect;
}

}  // namespace circuit::analysis
