// circuit analyze: the product's engine on a file, as a person or a script runs it. No daemon is up in these tests.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> report_files = {"analysis.json", "report.html", "summary.txt"};
const fs::path weather = CIRCUIT_SOURCE_DIR "/tests/data/seattle-weather.csv";

struct Said {
  int code = 0;
  std::string text;    // on standard output
  std::string errors;  // on standard error
};

// A directory of its own, in which the commands run.
class Shell {
 public:
  // A line for sh(1), in which $circuit is the program and $weather the real data.
  Said run(const std::string& line) {
    const fs::path said = circuit_.directory() / ("said-" + std::to_string(++count_));
    const fs::path errors = said.string() + "-errors";
    Process process("/bin/sh", {"-c", "mkdir -p \"$here\" && cd \"$here\" && " + line}, said,
                    {{"here", here()}, {"circuit", program("circuit")}, {"weather", weather}}, errors);
    const int code = process.wait(seconds(60));
    return {code, read_file(said), read_file(errors)};
  }

  [[nodiscard]] fs::path here() const { return circuit_.directory() / "here"; }
  // Everything below it, sorted; directories too.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(here()))
      all.push_back(fs::relative(entry.path(), here()));
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  Circuit circuit_{""};
  int count_ = 0;
};

}  // namespace

TEST_CASE("a file is analyzed without an order: three files, the summary, and where they are") {
  Shell shell;
  const Said said = shell.run("\"$circuit\" analyze \"$weather\"");
  CAPTURE(said.text, said.errors);
  REQUIRE(said.code == 0);
  CHECK(shell.names() == std::vector<std::string>{"seattle-weather-report", "seattle-weather-report/analysis.json",
                                                  "seattle-weather-report/report.html",
                                                  "seattle-weather-report/summary.txt"});
  CHECK(said.text.starts_with(read_file(shell.here() / "seattle-weather-report/summary.txt")));
  for (const std::string& name : report_files)
    CHECK(said.text.find("seattle-weather-report/" + name) != std::string::npos);
  CHECK(said.errors.starts_with(std::to_string(fs::file_size(weather)) + " bytes, 1461 rows: "));
}

TEST_CASE("what it writes is byte for byte what an order of the same file delivers") {
  Circuit circuit;
  circuit.start();
  const std::string id = circuit.create(analysis_order("weather", read_file(weather)));
  circuit.wait_for(id, "fulfilled");
  Shell shell;
  const std::string token = circuit.order(id).at("delivery_token");
  const Said delivered =
      shell.run("\"$circuit\" deliver --out ordered " + token + " --data " + circuit.data().string());
  CAPTURE(delivered.errors);
  REQUIRE(delivered.code == 0);
  REQUIRE(shell.run("\"$circuit\" analyze --out tried \"$weather\"").code == 0);
  for (const std::string& name : report_files)
    CHECK(read_file(shell.here() / "tried" / name) == read_file(shell.here() / "ordered" / name));
}

TEST_CASE("a report that is there is replaced only by force") {
  Shell shell;
  REQUIRE(shell.run("mkdir out && echo kept > out/summary.txt && echo kept > out/notes.txt").code == 0);
  const Said refused = shell.run("\"$circuit\" analyze \"$weather\" --out out");
  CHECK(refused.code == 1);
  CHECK(refused.text.empty());
  CHECK(refused.errors.find("out/summary.txt") != std::string::npos);
  CHECK(refused.errors.find("--force") != std::string::npos);
  CHECK(shell.names() == std::vector<std::string>{"out", "out/notes.txt", "out/summary.txt"});
  CHECK(read_file(shell.here() / "out/summary.txt") == "kept\n");

  REQUIRE(shell.run("\"$circuit\" analyze \"$weather\" --out out --force").code == 0);
  CHECK(read_file(shell.here() / "out/summary.txt") != "kept\n");
  CHECK(read_file(shell.here() / "out/notes.txt") == "kept\n");
}

TEST_CASE("when the second file does not fit on the disk, the first one is not there either") {
  Shell shell;
  REQUIRE(shell.run("\"$circuit\" analyze \"$weather\" --out whole").code == 0);
  constexpr std::size_t block_bytes = 512;  // of sh's ulimit -f
  const std::size_t blocks = fs::file_size(shell.here() / "whole/analysis.json") / block_bytes + 1;
  REQUIRE(fs::file_size(shell.here() / "whole/report.html") > blocks * block_bytes);
  const Said said =
      shell.run("trap '' XFSZ; ulimit -f " + std::to_string(blocks) + "; \"$circuit\" analyze \"$weather\" --out torn");
  CAPTURE(said.errors);
  CHECK(said.code == 74);
  CHECK(said.text.empty());
  CHECK(fs::is_empty(shell.here() / "torn"));
}

TEST_CASE("input that cannot be analyzed is answered with the engine's sentence, and nothing is written") {
  Shell shell;
  const Said empty = shell.run(": > empty.csv; \"$circuit\" analyze empty.csv");
  CHECK(empty.code == 1);
  CHECK(empty.errors.find("empty.csv: refused (input_empty): The file ") != std::string::npos);
  CHECK(shell.run("printf '\\377\\376a' > utf16.csv; \"$circuit\" analyze utf16.csv --json").code == 1);
  CHECK(shell.run("\"$circuit\" analyze none.csv").code == 74);
  CHECK(shell.run("\"$circuit\" analyze .").code == 74);
  CHECK(shell.run("\"$circuit\" analyze").code == 2);
  CHECK(shell.run("\"$circuit\" analyze \"$weather\" --json --out out").code == 2);
  CHECK(shell.run("\"$circuit\" analyze \"$weather\" --json --force").code == 2);
  CHECK(shell.names() == std::vector<std::string>{"empty.csv", "utf16.csv"});
}

TEST_CASE("the JSON alone goes to standard output, from a file and from standard input") {
  Shell shell;
  const Said file = shell.run("\"$circuit\" analyze \"$weather\" --json");
  REQUIRE(file.code == 0);
  CHECK(Json::parse(file.text).is_object());
  CHECK(shell.names().empty());
  const Said input = shell.run("cat \"$weather\" | \"$circuit\" analyze - --json");
  CHECK(input.text == file.text);
  // What another program has read of it before is not part of it.
  const Said rest = shell.run(
      "{ printf 'a comment\\n'; cat \"$weather\"; } > all.csv; { read -r line; \"$circuit\" analyze "
      "- --json; } < all.csv");
  CHECK(rest.text == file.text);
  REQUIRE(shell.run("\"$circuit\" analyze - < \"$weather\"").code == 0);
  CHECK(read_file(shell.here() / "stdin-report/analysis.json") == file.text);
}

TEST_CASE("a compressed file gives the columns and figures of the file that is in it") {
  Shell shell;
  REQUIRE(shell.run("gzip -c \"$weather\" > weather.csv.gz; \"$circuit\" analyze weather.csv.gz").code == 0);
  const Json expanded = Json::parse(read_file(shell.here() / "weather-report/analysis.json"));
  const Json plain = Json::parse(shell.run("\"$circuit\" analyze \"$weather\" --json").text);
  CHECK(expanded.at("columns") == plain.at("columns"));
  const Said damaged = shell.run("head -c 5000 weather.csv.gz > torn.csv.gz; \"$circuit\" analyze torn.csv.gz --json");
  CHECK(damaged.code == 1);
  CHECK(damaged.errors.find("refused (gzip_damaged)") != std::string::npos);
}
