#include "workers/fulfillment/analysis/dialect.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "workers/fulfillment/analysis/csv.hpp"
#include "workers/fulfillment/analysis/header.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t sample_bytes_max = 64 * 1024;
constexpr std::size_t sample_records_max = 200;
constexpr std::size_t sample_cells_max = 1000;

// In the order of preference on a tie: the comma comes last, because it is also a decimal comma and punctuation.
constexpr char delimiters[] = {'\t', ';', '|', ','};

struct Sample {
  Arena arena;
  Records records;
  std::vector<std::size_t> widths;
};

Sample read_sample(std::string_view text, char delimiter) {
  Sample sample;
  const bool is_cut = text.size() > sample_bytes_max;
  CsvReader reader(text.substr(0, sample_bytes_max), delimiter, sample_cells_max, sample.arena);
  while (sample.widths.size() < sample_records_max && reader.next()) {
    sample.records.emplace_back(reader.cells().begin(), reader.cells().end());
    sample.widths.push_back(reader.width());
  }
  // The cut probably went through the last record.
  if (is_cut && sample.widths.size() > 1 && sample.widths.size() < sample_records_max) {
    sample.records.pop_back();
    sample.widths.pop_back();
  }
  return sample;
}

std::pair<std::size_t, std::size_t> most_frequent(const std::vector<std::size_t>& widths) {
  std::map<std::size_t, std::size_t> counts;
  for (const std::size_t width : widths) ++counts[width];
  std::pair<std::size_t, std::size_t> best{1, 0};
  for (const auto& [width, count] : counts)
    if (count > best.second) best = {width, count};
  return best;
}

// How consistently the delimiter cuts the sample into more than one field; 0 to 1. A delimiter that the first
// record does not bear out is probably punctuation in the data below it.
double score(const Sample& sample) {
  const auto [width, count] = most_frequent(sample.widths);
  if (width < 2) return 0;
  const double share = static_cast<double>(count) / static_cast<double>(sample.widths.size());
  return sample.widths.front() == width ? share : share * 0.5;
}

Sample best_sample(std::string_view text, char& delimiter) {
  Sample best;
  double best_score = 0;
  for (const char candidate : delimiters) {
    Sample sample = read_sample(text, candidate);
    // If no delimiter is consistent, a first record that it cuts is still a hint.
    const bool is_hint = !sample.widths.empty() && sample.widths.front() > 1;
    const double candidate_score = sample.widths.empty() ? 0 : std::max(score(sample), is_hint ? 0.01 : 0.0);
    if (candidate_score > best_score || best.widths.empty()) {
      best_score = candidate_score;
      best = std::move(sample);
      delimiter = candidate_score > 0 ? candidate : ',';
    }
  }
  return best;
}

}  // namespace

Dialect detect_dialect(std::string_view text) {
  Dialect dialect;
  const Sample sample = best_sample(text, dialect.delimiter);
  if (sample.widths.empty()) return dialect;
  dialect.usual_width = most_frequent(sample.widths).first;
  dialect.has_header = is_header(sample.records);
  return dialect;
}

}  // namespace circuit::analysis
