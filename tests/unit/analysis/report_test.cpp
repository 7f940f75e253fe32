#include <algorithm>

#include "tests/unit/analysis/analyzed.hpp"

using namespace circuit::analysis;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t occurrences(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace

TEST_CASE("the report is three files in a fixed order") {
  const auto outcome = analyze("a,b\n1,2\n");
  const auto& files = std::get<Report>(outcome).files;
  REQUIRE(files.size() == 3);
  CHECK(files[0].name == "analysis.json");
  CHECK(files[1].name == "report.html");
  CHECK(files[2].name == "summary.txt");
  CHECK(analyzed("a,b\n1,2\n").json.at("schema") == "circuit.analysis.v1");
}

TEST_CASE("the same input gives the same bytes") {
  const std::string csv = sample_data("birdstrikes.csv");
  const auto first = std::get<Report>(analyze(csv));
  const auto second = std::get<Report>(analyze(csv));
  for (std::size_t i = 0; i < 3; ++i) CHECK(first.files[i].content == second.files[i].content);
}

TEST_CASE("markup in names and values stays text") {
  const Analyzed result = analyzed("<script>x</script>,\"\"\"><img src=x onerror=y>\"\n<b>,1\n<b>,2\n<b>,3\n<b>,4\n");
  CHECK_FALSE(contains(result.html, "<script"));
  CHECK_FALSE(contains(result.html, "<img"));
  CHECK_FALSE(contains(result.html, "<b>"));
  CHECK(contains(result.html, "&lt;script&gt;"));
  CHECK(contains(result.html, "&quot;&gt;&lt;img"));
  CHECK(contains(result.html, "&lt;b&gt;"));
}

TEST_CASE("markup in a note stays text") {
  std::string csv = "x\n";
  for (int i = 0; i < 20; ++i) csv += std::to_string(i) + "\n";
  const Analyzed result = analyzed(csv + "<i>&\n");
  CHECK(contains(result.html, "“&lt;i&gt;&amp;”"));
  CHECK_FALSE(contains(result.html, "<i>"));
}

TEST_CASE("controls and direction marks reach no report") {
  const Analyzed result = analyzed("a\x1B[2J,b\u202Ec\nx,1\nx,2\nx\x07,3\nx\x07,4\n");
  for (const std::string* report : {&result.html, &result.text}) {
    CHECK_FALSE(contains(*report, "\x1B"));
    CHECK_FALSE(contains(*report, "\x07"));
    CHECK_FALSE(contains(*report, "\u202E"));
  }
  CHECK(result.column(0).at("name") == "a\x1B[2J");
  const auto outcome = analyze("b\u202Ec\n1\n");
  CHECK(contains(std::get<Report>(outcome).files[0].content, "b\\u202ec"));
}

TEST_CASE("quotes, backslashes and line ends survive the JSON") {
  const auto column = analyzed("a,n\n\"x\"\"\\\n\",1\n\"x\"\"\\\n\",2\n").column(0);
  CHECK(column.at("top_values").at(0).at("value") == "x\"\\\n");
}

TEST_CASE("the page asks nothing of the network and runs nothing") {
  const std::string html = analyzed(sample_data("birdstrikes.csv")).html;
  for (const char* part : {"http:", "https:", "<script", "<link", "<img", "src=", "url(", "@import", "javascript:"})
    CHECK_FALSE(contains(html, part));
  CHECK(contains(html, "prefers-color-scheme: dark"));
  CHECK(contains(html, "default-src 'none'"));
}

TEST_CASE("every table has a caption and every chart a name") {
  const std::string html = analyzed(sample_data("seattle-weather.csv")).html;
  CHECK(occurrences(html, "<table>") == occurrences(html, "<caption>"));
  CHECK(occurrences(html, "<svg ") == 6);
  CHECK(occurrences(html, "<svg role=\"img\" aria-labelledby=") == 6);
  CHECK(occurrences(html, "<title id=\"chart-") == 6);
}

TEST_CASE("tags that are opened are closed") {
  const std::string html = analyzed(sample_data("birdstrikes.csv")).html;
  for (const std::string tag :
       {"table", "tbody", "tr", "td", "th", "svg", "article", "section", "main", "bdi", "p", "div", "h2"})
    CHECK(occurrences(html, "<" + tag + ">") + occurrences(html, "<" + tag + " ") ==
          occurrences(html, "</" + tag + ">"));
}

TEST_CASE("a very long value is clipped in every report") {
  const std::string value(100'000, 'v');
  const Analyzed result = analyzed("a,n\n" + value + ",1\n" + value + ",2\n");
  CHECK(result.html.size() < 20'000);
  CHECK(result.text.size() < 2'000);
  CHECK(result.column(0).at("top_values").at(0).at("value").get<std::string>().size() < 300);
}

TEST_CASE("the summary fits a screen, however wide the table is") {
  const std::string text = analyzed(sample_data("us-employment.csv")).text;
  CHECK(std::count(text.begin(), text.end(), '\n') <= 40);
  CHECK(contains(text, "120 rows, 24 columns"));
  CHECK(contains(text, "and 10 more columns in report.html"));
}

TEST_CASE("a delimiter is named in words") {
  CHECK(contains(analyzed("a\tb\n1\t2\n").text, "separated by tabs"));
  CHECK(analyzed("a\tb\n1\t2\n").json.at("file").at("delimiter") == "\t");
}
