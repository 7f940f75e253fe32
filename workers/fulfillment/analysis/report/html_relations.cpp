// Pairs of columns: a heat map of all correlations, a table of the strongest relations, and a picture of each of the
// strongest.
#include <algorithm>
#include <cmath>

#include "workers/fulfillment/analysis/report/evidence.hpp"
#include "workers/fulfillment/analysis/report/heat_map.hpp"
#include "workers/fulfillment/analysis/report/html_sections.hpp"
#include "workers/fulfillment/analysis/report/html_table.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/relation_picture.hpp"
#include "workers/fulfillment/analysis/report/words.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

namespace circuit::analysis {
namespace {

constexpr std::size_t pictures_shown = 12;
constexpr std::size_t rows_shown = 40;
constexpr double significant = 0.05;

std::string signed_figure(const std::optional<Correlation>& correlation) {
  return correlation ? with_minus_signs(fmt::format("{:.2f}", correlation->r)) : "";
}

void write_row(std::string& out, const Analysis& analysis, std::size_t index, bool has_picture) {
  const Relation& relation = analysis.relations.pairs[index];
  if (has_picture)
    put(out, "<tr><th scope=\"row\"><a href=\"#relation-{}\">{}</a></th>", index + 1, html_pair(analysis, relation));
  else
    put(out, "<tr id=\"relation-{}\"><th scope=\"row\">{}</th>", index + 1, html_pair(analysis, relation));
  put(out, "<td class=\"number\"><span class=\"bar\" style=\"--share:{:.0f}%\">{:.2f}</span></td>",
      100 * relation.strength, relation.strength);
  put_number_cell(out, signed_figure(relation.pearson));
  put_number_cell(out, signed_figure(relation.spearman));
  put_number_cell(out, relation.difference ? fmt::format("{:.2f}", std::sqrt(relation.difference->eta_squared)) : "");
  put_number_cell(out, relation.association ? fmt::format("{:.2f}", relation.association->cramers_v) : "");
  put_number_cell(out, readable_text(rows_compared(relation)));
  put_number_cell(out, html_p(p_of(relation)));
  put_number_cell(out, html_p(relation.p_adjusted));
  out += "</tr>\n";
}

// The strongest, and those that a finding points at.
void write_table(std::string& out, const Analysis& analysis, const std::vector<bool>& has_picture,
                 const std::vector<bool>& is_cited) {
  const std::vector<Relation>& pairs = analysis.relations.pairs;
  out += "<h3>The strongest relations</h3>\n";
  open_table(out, "Strength from 0 to 1, by the measure that fits the two columns",
             {{"Columns"},
              {"Strength", true},
              {"r", true},
              {"ρ", true},
              {"η", true},
              {"V", true},
              {"n", true},
              {"p", true},
              {"p adjusted", true}});
  std::size_t written = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (i >= rows_shown && !is_cited[i]) continue;
    write_row(out, analysis, i, has_picture[i]);
    ++written;
  }
  close_table(out);
  out +=
      "<p class=\"rest\">r: Pearson. ρ: Spearman. η: correlation ratio of a number over the groups of a category. "
      "V: Cramér’s V of two categories, corrected for bias. n: rows in which both have a value. p adjusted: for having "
      "looked "
      "at all pairs (Benjamini and Hochberg).";
  if (pairs.size() > written) put(out, " {} in analysis.json.", counted(pairs.size() - written, "weaker pair"));
  out += "</p>\n";
}

void write_intro(std::string& out, const Relations& relations) {
  put(out, "<p class=\"intro\">{} between {} could be measured", counted(relations.pairs.size(), "pair"),
      counted(relations.columns_compared, "column"));
  if (relations.undefined > 0)
    put(out, "; for {} there is nothing to compare", counted(relations.undefined, "other pair"));
  if (relations.columns_left_out > 0)
    put(out, "; {} beyond what is compared {} left out", counted(relations.columns_left_out, "column"),
        relations.columns_left_out == 1 ? "was" : "were");
  out += ". A relation says that two columns go together, not that one is the cause of the other.</p>\n";
}

}  // namespace

void write_relations(std::string& out, const Analysis& analysis) {
  const std::vector<Relation>& pairs = analysis.relations.pairs;
  open_section(out, "relations", "Relations");
  if (pairs.empty()) {
    out += "<p>No two columns of this file can be compared.</p>\n</section>\n";
    return;
  }
  std::vector<bool> has_picture(pairs.size());
  const std::vector<bool> is_cited = cited(analysis, Evidence::relation, pairs.size());
  for (std::size_t i = 0, shown = 0; i < pairs.size() && shown < pictures_shown; ++i) {
    const bool is_worth_it = pairs[i].p_adjusted < significant || is_cited[i];
    has_picture[i] = is_worth_it && can_be_pictured(pairs[i]);
    shown += has_picture[i];
  }
  write_intro(out, analysis.relations);
  write_heat_map(out, analysis);
  write_table(out, analysis, has_picture, is_cited);
  out += "<div class=\"pictures\">\n";
  for (std::size_t i = 0; i < pairs.size(); ++i)
    if (has_picture[i]) write_relation_picture(out, analysis, i);
  out += "</div>\n";
  out += "</section>\n";
}

}  // namespace circuit::analysis
