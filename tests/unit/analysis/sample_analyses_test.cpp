// The analyses of the sample data, byte for byte as they were when a person last read them (tests/data/README.md).
#include "tests/unit/analysis/analyzed.hpp"

using namespace circuit::analysis;

namespace {

std::string analysis_of(const std::string& name) {
  const std::string csv = sample_data(name + ".csv");
  return std::get<Report>(analyze(csv)).files.front().content;
}

}  // namespace

TEST_CASE("the analyses of the sample data are those that were read and approved") {
  const std::string name = GENERATE("birdstrikes", "seattle-weather", "us-employment");
  const std::string approved = sample_data("analyses/" + name + ".json");
  const std::string now = analysis_of(name);
  INFO(name << ".json differs; if that is meant, scripts/docs writes it anew");
  const std::size_t same = static_cast<std::size_t>(
      std::mismatch(now.begin(), now.end(), approved.begin(), approved.end()).first - now.begin());
  CHECK(now.substr(same, 200) == approved.substr(std::min(same, approved.size()), 200));
}

TEST_CASE("the same bytes give the same reports") {
  const std::string csv = sample_data("seattle-weather.csv");
  const Report first = std::get<Report>(analyze(csv));
  const Report second = std::get<Report>(analyze(csv));
  REQUIRE(first.files.size() == second.files.size());
  for (std::size_t i = 0; i < first.files.size(); ++i) CHECK(first.files[i].content == second.files[i].content);
}
