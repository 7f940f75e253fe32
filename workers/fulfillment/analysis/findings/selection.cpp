#include "workers/fulfillment/analysis/findings/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "workers/fulfillment/analysis/findings/names.hpp"
#include "workers/fulfillment/analysis/findings/score.hpp"
#include "workers/fulfillment/analysis/findings/wording.hpp"

namespace circuit::analysis {
namespace {

using Links = std::set<std::pair<std::size_t, std::size_t>>;

// Pairs of columns that go along with each other.
Links links_of(const Relations& relations) {
  constexpr double linked_min = 0.8;
  Links links;
  for (const Relation& relation : relations.pairs) {
    if (relation.p_adjusted >= p_told_max) continue;
    const bool is_linked = (relation.pearson && relation.pearson->r >= linked_min) ||
                           (relation.association && relation.association->cramers_v_uncorrected >= linked_min);
    if (is_linked) links.insert(std::minmax(relation.first, relation.second));
  }
  return links;
}

// The columns that a finding is about: not the date beside a number.
std::vector<std::size_t> subjects_of(const Finding& finding, const Analysis& analysis) {
  if (finding.columns.size() < 2) return finding.columns;
  std::vector<std::size_t> subjects;
  for (const std::size_t column : finding.columns)
    if (!analysis.columns[column].is_date()) subjects.push_back(column);
  return subjects;
}

// The columns of `a` and of `b` in which they differ, if that is one of each; else nothing.
std::optional<std::pair<std::size_t, std::size_t>> difference_of(const Finding& a, const Finding& b) {
  if (a.kind != b.kind || a.columns.size() != b.columns.size()) return std::nullopt;
  std::vector<std::size_t> only_a;
  std::vector<std::size_t> only_b;
  for (const std::size_t column : a.columns)
    if (std::ranges::count(b.columns, column) == 0) only_a.push_back(column);
  for (const std::size_t column : b.columns)
    if (std::ranges::count(a.columns, column) == 0) only_b.push_back(column);
  if (only_a.size() != 1 || only_b.size() != 1) return std::nullopt;
  return std::pair(only_a.front(), only_b.front());
}

// What is told so far.
class Selection {
 public:
  Selection(const Analysis& analysis, std::size_t findings_max)
      : analysis_(analysis), links_(links_of(analysis.relations)), findings_max_(findings_max) {}

  void offer(Finding finding) {
    for (std::size_t i = 0; i < told_.size(); ++i)
      if (const auto column = echoing_column(told_[i], finding)) {
        echoes_[i].insert(*column);
        return;
      }
    const std::vector<std::size_t> subjects = subjects_of(finding, analysis_);
    const auto is_worn = [&](std::size_t column) { return of_column_[column] >= told_per_column_max; };
    // A finding about many columns at once wears none of them out.
    const bool is_of_many = subjects.size() > 2;
    if (told_.size() == findings_max_ || of_kind_[finding.kind] == told_per_kind_max) return;
    if (!is_of_many && std::ranges::any_of(subjects, is_worn)) return;
    ++of_kind_[finding.kind];
    if (!is_of_many)
      for (const std::size_t column : subjects) ++of_column_[column];
    told_.push_back(std::move(finding));
  }

  std::vector<Finding> take() {
    constexpr std::size_t named_max = 3;
    for (const auto& [index, columns] : echoes_) {
      std::vector<std::string> names;
      for (const std::size_t column : columns) names.push_back(analysis_.columns[column].name);
      told_[index].text +=
          fmt::format(" {} {} much the same.", quoted_list(names, named_max), names.size() == 1 ? "shows" : "show");
      told_[index].columns.insert(told_[index].columns.end(), columns.begin(), columns.end());
    }
    return std::move(told_);
  }

 private:
  // The column about which `finding` repeats what is told.
  std::optional<std::size_t> echoing_column(const Finding& told, const Finding& finding) const {
    const auto columns = difference_of(told, finding);
    if (!columns) return std::nullopt;
    const auto& [of_told, of_finding] = *columns;
    const bool is_alike =
        told.columns.size() == 1 && share_a_word(analysis_.columns[of_told].name, analysis_.columns[of_finding].name);
    const bool is_linked = links_.contains(std::minmax(of_told, of_finding));
    return is_alike || is_linked ? std::optional(of_finding) : std::nullopt;
  }

  const Analysis& analysis_;
  Links links_;
  std::size_t findings_max_;
  std::vector<Finding> told_;
  std::map<std::size_t, std::set<std::size_t>> echoes_;  // columns by the index of the finding that they repeat
  std::map<std::string, std::size_t> of_kind_;
  std::map<std::size_t, std::size_t> of_column_;
};

}  // namespace

std::vector<Finding> select_findings(std::vector<Finding> findings, const Analysis& analysis,
                                     std::size_t findings_max) {
  std::erase_if(findings, [](const Finding& finding) { return finding.score < score_min; });
  std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) { return a.score > b.score; });
  Selection selection(analysis, findings_max);
  for (Finding& finding : findings) selection.offer(std::move(finding));
  return selection.take();
}

}  // namespace circuit::analysis
