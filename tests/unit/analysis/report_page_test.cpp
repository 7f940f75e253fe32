#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "tests/unit/analysis/full_analysis.hpp"
#include "workers/fulfillment/analysis/report/html_report.hpp"
#include "workers/fulfillment/analysis/report/html_sections.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/page_parts.hpp"

using namespace circuit::analysis;

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

// The page without what is the same in every page, which holds no text of a customer.
std::string customer_part(std::string page) {
  for (const std::string_view part : {page_script, page_style, page_licences}) page.erase(page.find(part), part.size());
  return page;
}

// What stands between `open` and `close`, each time.
std::vector<std::string> between(const std::string& text, std::string_view open, std::string_view close) {
  std::vector<std::string> result;
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    result.push_back(text.substr(at, text.find(close, at) - at));
  }
  return result;
}

const std::string& full() {
  static const std::string page = html_report(full_analysis());
  return page;
}

const std::string& hostile() {
  static const std::string page = html_report(hostile_analysis(1000));
  return page;
}

}  // namespace

TEST_CASE("the same analysis gives the same page") { CHECK(full() == html_report(full_analysis())); }

TEST_CASE("a customer's text becomes no tag, whatever it holds") {
  std::set<std::string> tags;
  const std::string page = customer_part(hostile());
  for (const std::string& tag : between(page, "<", ">")) tags.insert(tag.substr(0, tag.find_first_of(" \n/", 1)));
  const std::set<std::string> known = {
      "!doctype", "html",    "head",   "meta",    "title",  "style", "body",    "a",      "nav",    "ol",
      "li",       "main",    "header", "p",       "h1",     "h2",    "h3",      "dl",     "dt",     "dd",
      "div",      "span",    "ul",     "section", "small",  "bdi",   "article", "figure", "script", "figcaption",
      "details",  "summary", "table",  "caption", "thead",  "tbody", "tr",      "th",     "td",     "svg",
      "path",     "form",    "label",  "input",   "output", "cite",  "sub",     "pre",    "footer"};
  for (std::string tag : tags) {
    if (tag.starts_with('/')) tag.erase(0, 1);
    INFO(tag);
    CHECK(known.count(tag) == 1);
  }
  CHECK(contains(page, "&lt;script&gt;"));
  CHECK_FALSE(contains(page, "<img"));
  CHECK_FALSE(contains(page, " onerror=alert(1)>"));
}

TEST_CASE("scripts are the charts' data and, once, the page's own") {
  const std::string page = hostile();
  const std::size_t charts = occurrences(page, "<figure class=\"chart\"");
  CHECK(occurrences(customer_part(page), "<script") == charts + 1);
  CHECK(occurrences(page, "<script type=\"application/json\">") == charts);
}

TEST_CASE("a chart's data are JSON that ends no script") {
  for (const std::string* page : {&full(), &hostile()})
    for (const std::string& data : between(*page, "<script type=\"application/json\">", "</script>")) {
      CHECK(nlohmann::json::accept(data));
      CHECK_FALSE(contains(data, "<"));
    }
  CHECK(contains(hostile(), "\\u003c/script>"));
}

TEST_CASE("controls and marks that turn the direction of text reach no page") {
  for (const char* mark : {"\x1B", "\x01", "\u202E"}) CHECK_FALSE(contains(customer_part(hostile()), mark));
  CHECK(contains(hostile(), "␛␁"));
}

TEST_CASE("a formula stays text") { CHECK(contains(full(), "=HYPERLINK(&quot;x&quot;)")); }

TEST_CASE("the page holds to its size, with a thousand columns of the longest text") {
  CHECK(hostile().size() < page_bytes_max);
  CHECK(occurrences(hostile(), "class=\"column\"") > 20);
  CHECK(contains(hostile(), "without a card here, to keep this page small"));
}

TEST_CASE("nothing in the page is loaded from elsewhere") {
  const std::string page = customer_part(full());
  for (const char* part : {"http:", "https:", "<link", "<img", " src=", "url(", "@import", "javascript:"})
    CHECK_FALSE(contains(page, part));
  CHECK_FALSE(contains(page_style, "url("));
  CHECK_FALSE(contains(page_style, "@import"));
}

TEST_CASE("the policy lets nothing run but the page's script") {
  CHECK(contains(full(), "content=\"default-src 'none'; script-src '" + std::string(page_script_hash) +
                             "'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\""));
  CHECK(page_script_hash.starts_with("sha256-"));
  CHECK(page_script_hash.size() == 7 + 44);
}

TEST_CASE("every anchor is there once, and every link leads to one") {
  for (const std::string* page : {&full(), &hostile()}) {
    std::map<std::string, int> anchors;
    const std::string text = customer_part(*page);
    for (const std::string& id : between(text, " id=\"", "\"")) ++anchors[id];
    for (const auto& [id, count] : anchors) {
      INFO(id);
      CHECK(count == 1);
    }
    for (const std::string& link : between(text, " href=\"#", "\"")) {
      INFO(link);
      CHECK(anchors.count(link) == 1);
    }
    for (const std::string& label : between(text, "aria-labelledby=\"", "\"")) CHECK(anchors.count(label) == 1);
  }
}

TEST_CASE("tags that are opened are closed in their order") {
  const std::set<std::string> void_tags = {"meta", "input", "!doctype"};
  for (const std::string* page : {&full(), &hostile()}) {
    std::vector<std::string> open;
    for (const std::string& tag : between(customer_part(*page), "<", ">")) {
      const std::string name = tag.substr(0, tag.find_first_of(" \n", 1));
      if (void_tags.count(name) == 1 || tag.ends_with('/')) continue;
      if (name.starts_with('/')) {
        REQUIRE_FALSE(open.empty());
        REQUIRE(open.back() == name.substr(1));
        open.pop_back();
      } else {
        open.push_back(name);
      }
    }
    CHECK(open.empty());
  }
}

TEST_CASE("headings go down one level at a time") {
  int level = 0;
  const std::string page = customer_part(full());
  for (const std::string& tag : between(page, "<h", ">")) {
    if (tag.empty() || tag[0] < '1' || tag[0] > '6') continue;
    CHECK(tag[0] - '0' <= level + 1);
    level = tag[0] - '0';
  }
  CHECK(occurrences(page, "<h1>") == 1);
  CHECK(level == 3);
}

TEST_CASE("every chart has a sentence, a caption and its figures as a table") {
  for (const std::string* page : {&full(), &hostile()})
    for (const std::string& figure : between(*page, "<figure class=\"chart\"", "</figure>")) {
      CHECK(std::regex_search(figure, std::regex("role=\"img\" aria-label=\"[^\"<>]{20,}\"")));
      CHECK(contains(figure, "<figcaption>"));
      CHECK(contains(figure, "<details><summary>Figures as a table</summary>"));
      CHECK(contains(figure, "<caption>"));
      CHECK(contains(figure, "<tbody>"));
    }
}

TEST_CASE("every kind of chart is in the full page") {
  for (const char* kind : {"histogram", "series", "season", "heat", "scatter", "groups", "cross", "missing"}) {
    INFO(kind);
    CHECK(contains(full(), "data-kind=\"" + std::string(kind) + "\""));
  }
}

TEST_CASE("each finding is shown with its score, its caveat and a link to its evidence") {
  CHECK(contains(full(), "“visitors” and “revenue” rise together: r = 0.97 over 730 rows."));
  CHECK(contains(full(), "Score 92"));
  CHECK(contains(full(), "Two years are little for a season."));
  CHECK(contains(full(), "<a href=\"#series-1\">See <bdi>visitors</bdi> by day</a>"));
  CHECK(contains(full(), "<a href=\"#relation-1\">See <bdi>visitors</bdi> and <bdi>revenue</bdi></a>"));
  CHECK(contains(full(), "<a href=\"#column-10\">See <bdi>remark</bdi></a>"));
}

TEST_CASE("a relation that could be chance gets no picture, unless a finding points at it") {
  Analysis analysis = full_analysis();
  const std::size_t weakest = analysis.relations.pairs.size() - 1;
  const std::string picture = "<article id=\"relation-" + std::to_string(weakest + 1) + "\"";
  CHECK_FALSE(contains(html_report(analysis), picture));
  analysis.insights[0].evidence_index = weakest;
  CHECK(contains(html_report(analysis), picture));
}

TEST_CASE("a column that a finding points at has a card, however far behind it stands") {
  Analysis analysis = hostile_analysis(1000);
  analysis.insights = {{"outliers", "x", 50, {998}, Evidence::column, 998, ""}};
  analysis.quality.clear();
  CHECK(contains(html_report(analysis), "<article id=\"column-999\""));
  CHECK(contains(html_report(analysis), "<tr data-filter id=\"column-1000\">"));
}

TEST_CASE("an analysis of next to nothing still is a page") {
  Analysis analysis;
  analysis.columns.resize(1);
  analysis.file.columns = 1;
  const std::string page = html_report(analysis);
  CHECK(contains(page, "No two columns of this file can be compared."));
  CHECK(contains(page, "No column of dates covers enough periods"));
  CHECK(contains(page, "Every cell of the file has a value."));
  CHECK(contains(page, "Nothing is wrong with the file or its values."));
}

TEST_CASE("years have no thousands separators") {
  Analysis analysis = full_analysis();
  ColumnSummary& column = analysis.columns[3];
  column.numbers->min = 1998;
  column.numbers->max = 2024;
  column.numbers->median = 2011;
  CHECK(contains(html_report(analysis), "1998 to 2024, median 2011"));
}

TEST_CASE("a true minus sign stands before negative numbers, and nowhere else") {
  CHECK(with_minus_signs("-3 to (-2.5), 1e-7, 2024-05-31, a-1, -x") == "−3 to (−2.5), 1e−7, 2024-05-31, a-1, -x");
}

TEST_CASE("the licences of what draws the charts are in the page") {
  CHECK(contains(full(), "@observablehq/plot"));
  CHECK(contains(full(), "THE SOFTWARE IS PROVIDED"));
  CHECK(contains(page_licences, "Copyright 2010-2"));
  CHECK(contains(page_licences, "Cynthia Brewer"));
}
