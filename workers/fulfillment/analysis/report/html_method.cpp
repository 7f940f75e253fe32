// How every figure of the report is defined, and by whom.
#include "workers/fulfillment/analysis/report/html_sections.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/page_parts.hpp"

namespace circuit::analysis {
namespace {

struct Definition {
  const char* term;
  const char* text;  // safe HTML
};

constexpr Definition columns[] = {
    {"Missing",
     "An empty cell, or one with a usual word for nothing, such as NA, n/a, NULL or NaN. Spaces around a value do not "
     "count."},
    {"Type",
     "The narrowest type that nearly all values of a column bear out; how many do is how sure it is. Values that do "
     "not "
     "fit are counted as not readable and left out of all figures. Codes with leading zeros are not numbers."},
    {"Standard deviation", "Of a sample: the squares are divided by n − 1. Sums are compensated."},
    {"Quartiles, percentiles, median",
     "Linear interpolation at position (n − 1)p: definition 7 of Hyndman and Fan, "
     "<cite>Sample quantiles in statistical packages</cite>, 1996."},
    {"MAD", "The median of the distances from the median, without a factor."},
    {"Skewness, excess kurtosis",
     "G<sub>1</sub> and G<sub>2</sub>, adjusted for the size of the sample: type 2 of Joanes and Gill, "
     "<cite>Comparing measures of sample skewness and kurtosis</cite>, 1998."},
    {"Outliers, 1.5 IQR",
     "Beyond the quartiles by more than 1.5 times their distance: Tukey, <cite>Exploratory data "
     "analysis</cite>, 1977."},
    {"Outliers, robust z",
     "|0.6745 (x − median) / MAD| above 3.5: Iglewicz and Hoaglin, <cite>How to detect and handle "
     "outliers</cite>, 1993."},
    {"Normal?",
     "The omnibus test K² of skewness and kurtosis: D’Agostino and Pearson, <cite>Tests for departure from "
     "normality</cite>, 1973. From 20 values on. “Maybe” means that the test finds nothing against it."},
    {"Histogram",
     "Bins by Freedman and Diaconis, <cite>On the histogram as a density estimator</cite>, 1981, within bounds. A bin "
     "counts from its lower edge to just below its upper edge; the last one includes both."},
};

constexpr Definition relations[] = {
    {"r",
     "Pearson’s correlation, over the rows in which both columns have a value; its p is two-sided, from Student’s t "
     "with n − 2 "
     "degrees of freedom. It sees straight lines only."},
    {"ρ",
     "Spearman’s rank correlation, 1904: r of the ranks, tied values sharing their mean rank. It sees whatever rises "
     "or falls "
     "throughout."},
    {"η",
     "The correlation ratio: the root of η², the share of a number’s variance that lies between the groups of a "
     "category. Its p "
     "is that of Fisher’s F."},
    {"V",
     "Cramér’s V of two categories, corrected for bias: Bergsma, <cite>A bias-correction for Cramér’s V and "
     "Tschuprow’s T</cite>, "
     "2013. Its p is that of χ², without a continuity correction."},
    {"Strength", "The larger of |r| and |ρ|, or η, or V: from 0, no relation, to 1."},
    {"p adjusted",
     "Who compares many pairs finds some relation by chance. The adjusted p allows for that: Benjamini and Hochberg, "
     "<cite>Controlling the false discovery rate</cite>, 1995."},
};

constexpr Definition over_time[] = {
    {"Series",
     "The mean of a number in each hour, day, week, month, quarter or year, or how many rows there are. Moments "
     "without "
     "an offset count as UTC."},
    {"Trend",
     "The least-squares line through the periods once the seasons are taken out. Its p allows for periods that follow "
     "their "
     "neighbours, by an effective number of periods."},
    {"Season", "The share of the periods’ variance that lies between the positions of a cycle (η²)."},
};

constexpr Definition page[] = {
    {"Score",
     "100 × effect × certainty × interest, each from 0 to 1. Effect: the strength of a relation; for a trend or a "
     "season "
     "the variance that it explains and its size beside the level; the share of the rows that a remark concerns. "
     "Certainty: from nothing at p = 0.05 to full at p = 0.001; n / (n + 10) for what was counted. Interest: how often "
     "findings of its kind are news. It ranks findings within this file and is not a probability."},
    {"Precision", "Figures here are rounded to be read. analysis.json has each of them in full."},
    {"Limits",
     "Very large files are sampled evenly where values must be held side by side, very wide ones are cut; the "
     "data-quality "
     "section says so where it happened. Charts show at most 1,000 rows as points and 1,500 periods as a line."},
};

template <std::size_t count>
void write_definitions(std::string& out, const char* heading, const Definition (&definitions)[count]) {
  put(out, "<h3>{}</h3>\n<dl class=\"definitions\">\n", heading);
  for (const Definition& definition : definitions)
    put(out, "<dt>{}</dt><dd>{}</dd>\n", definition.term, definition.text);
  out += "</dl>\n";
}

}  // namespace

void write_method(std::string& out, const Analysis&) {
  open_section(out, "method", "Method");
  write_definitions(out, "Of one column", columns);
  write_definitions(out, "Of two columns", relations);
  write_definitions(out, "Over time", over_time);
  write_definitions(out, "Of this report", page);
  put(out,
      "<h3>What draws the charts</h3>\n<p>Observable Plot and D3, which this page carries within itself.</p>\n"
      "<details><summary>Their licences</summary><pre>{}</pre></details>\n</section>\n",
      page_licences);
}

}  // namespace circuit::analysis
