#include "broker/config/settings_table.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <set>

#include "broker/config/load.hpp"
#include "broker/config/settings_print.hpp"

using namespace circuit::config;

namespace {

template <class Owner>
void check_rows(std::span<const Row<Owner>> rows) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Row<Owner>& row : rows) {
    CAPTURE(row.section, row.key);
    CHECK(seen.emplace(row.section, row.key).second);
    CHECK(row.sentence.ends_with('.'));
    CHECK(row.factor >= 1);
    CHECK(row.highest <= std::numeric_limits<std::int64_t>::max() / row.factor);
    Owner fresh{};
    if (const auto* reach = std::get_if<std::int64_t& (*)(Owner&)>(&row.member)) {
      CHECK(row.lowest < row.highest);
      CHECK_FALSE(row.unit.empty());
      const std::int64_t value = (*reach)(fresh);
      CHECK(value % row.factor == 0);
      if (!row.required) CHECK((value / row.factor >= row.lowest && value / row.factor <= row.highest));
    }
  }
}

}  // namespace

TEST_CASE("every row of the settings table is sound and its default is allowed") {
  check_rows(setting_rows());
  check_rows(product_rows());
  check_rows(upstream_rows());
}

TEST_CASE("every row of the settings table reaches a member of its own") {
  Settings settings;
  std::set<const void*> members;
  for (const SettingRow& row : setting_rows())
    std::visit([&](auto reach) { CHECK(members.insert(&reach(settings)).second); }, row.member);
  Product product;
  for (const ProductRow& row : product_rows())
    std::visit([&](auto reach) { CHECK(members.insert(&reach(product)).second); }, row.member);
  Upstream upstream;
  for (const UpstreamRow& row : upstream_rows())
    std::visit([&](auto reach) { CHECK(members.insert(&reach(upstream)).second); }, row.member);
}

TEST_CASE("every section is explained and has settings") {
  std::set<std::string_view> named, used;
  for (const Section& section : setting_sections()) named.insert(section.name);
  for (const SettingRow& row : setting_rows()) used.insert(row.section);
  CHECK(named == used);
}

TEST_CASE("the printed sample loads to the defaults") { CHECK(parse_settings(print_sample(), "sample") == Settings{}); }

TEST_CASE("the sample's exec product loads when its comment marks are taken away") {
  std::string text = print_sample();
  const std::size_t at = text.find("# [[product]]");
  REQUIRE(at != text.npos);
  std::string example;
  for (std::size_t from = at; from < text.size(); from = text.find('\n', from) + 1) {
    const std::string line = text.substr(from, text.find('\n', from) - from);
    const bool is_toml = line.starts_with("# [") || line.find(" = ") != line.npos;
    if (is_toml) example += line.substr(2) + '\n';
  }
  const Settings settings = parse_settings(example, "example");
  REQUIRE(settings.products.size() == 1);
  CHECK(settings.products[0].handler == "exec");
  CHECK(settings.products[0].exec.command.size() == 2);
}

TEST_CASE("what an entry may list is a type of request, and its default is listed") {
  for (const UpstreamRow& row : upstream_rows()) {
    if (row.key != "requests") continue;
    const Upstream fresh;
    CHECK(row.highest == static_cast<std::int64_t>(row.words.size()));
    for (const std::string& request : fresh.requests)
      CHECK(std::find(row.words.begin(), row.words.end(), request) != row.words.end());
    CHECK_FALSE(permits(fresh, "get_stats"));
    CHECK_FALSE(permits(fresh, "subscribe"));
  }
}

TEST_CASE("the reference page, the sample and the help name every setting") {
  const std::string reference = print_reference(), sample = print_sample(), help = print_help();
  for (const SettingRow& row : setting_rows()) {
    CAPTURE(row.section, row.key);
    CHECK_THAT(reference, Catch::Contains("| `" + std::string(row.key) + "` |"));
    CHECK_THAT(sample, Catch::Contains('\n' + std::string(row.key) + " = "));
    CHECK_THAT(help, Catch::Contains(std::string(row.section) + '.' + std::string(row.key)));
  }
  for (const ProductRow& row : product_rows()) {
    CAPTURE(row.section, row.key);
    CHECK_THAT(reference, Catch::Contains("| `" + std::string(row.key) + "` |"));
    CHECK_THAT(sample, Catch::Contains(std::string(row.key) + " = "));
    CHECK_THAT(help, Catch::Contains(std::string(row.key)));
  }
  for (const UpstreamRow& row : upstream_rows()) {
    CAPTURE(row.key);
    CHECK_THAT(reference, Catch::Contains("| `" + std::string(row.key) + "` |"));
    CHECK_THAT(sample, Catch::Contains("\n# " + std::string(row.key) + " = "));
    CHECK_THAT(help, Catch::Contains("upstream." + std::string(row.key)));
  }
}

TEST_CASE("numbers are grouped in threes") {
  CHECK(number_text(0) == "0");
  CHECK(number_text(999) == "999");
  CHECK(number_text(1'000) == "1_000");
  CHECK(number_text(-1'000) == "-1_000");
  CHECK(number_text(-100) == "-100");
  CHECK(number_text(std::numeric_limits<std::int64_t>::min()) == "-9_223_372_036_854_775_808");
}
