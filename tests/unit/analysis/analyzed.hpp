// What the tests share: run the product on a text and look at what came out.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>

#include "workers/fulfillment/analysis/analysis.hpp"

namespace circuit::analysis {

struct Analyzed {
  nlohmann::json json;
  std::string html;
  std::string text;

  [[nodiscard]] const nlohmann::json& column(std::size_t i) const { return json.at("columns").at(i); }
  [[nodiscard]] std::string notes() const { return json.at("notes").dump(-1, ' ', false); }
};

inline Analyzed analyzed(std::string_view csv, const Limits& limits = {}) {
  const auto outcome = analyze(csv, limits);
  if (const auto* failure = std::get_if<Failure>(&outcome)) FAIL(failure->code << ": " << failure->message);
  const auto& files = std::get<Report>(outcome).files;
  REQUIRE(files.size() == 3);
  return {nlohmann::json::parse(files[0].content), files[1].content, files[2].content};
}

inline Failure refused(std::string_view csv, const Limits& limits = {}) {
  const auto outcome = analyze(csv, limits);
  if (std::holds_alternative<Report>(outcome)) FAIL("the input was accepted");
  return std::get<Failure>(outcome);
}

inline std::string sample_data(const std::string& name) {
  std::ifstream file(std::string(CIRCUIT_SOURCE_DIR) + "/tests/data/" + name, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace circuit::analysis
