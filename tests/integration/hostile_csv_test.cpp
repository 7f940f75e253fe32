// Customers' files that mean harm or only are enormous, through `circuit analyze` and through an order. What a report
// holds of them is text, and what they cost is bounded: memory and the report's size are looked at, never the time.
#include <zlib.h>

#include <array>
#include <catch2/catch.hpp>

#include "tests/integration/harness.hpp"

using namespace circuit::integration;
namespace fs = std::filesystem;

namespace {

std::string gzipped(std::string_view text) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  if (deflateInit2(&stream, 9, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int ended = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (ended != Z_STREAM_END) throw std::runtime_error("deflate");
  return packed;
}

std::string repeated(std::string_view text, std::size_t bytes) {
  std::string all;
  while (all.size() < bytes) all += text;
  return all;
}

struct File {
  std::string name;
  std::string content;
  std::string failure;  // the code; empty: there is a report
};

// Each below the 8 MiB that a product takes by default.
std::vector<File> hostile_files() {
  std::vector<File> files;
  std::string harm = "name,<script>xyzzy()</script>,\"=HYPERLINK(\"\"http://xyzzy.invalid\"\",\"\"a\"\")\"\n";
  for (int i = 0; i < 200; ++i)
    harm +=
        "<img src=x onerror=xyzzy()>,</script><script>xyzzy()</script>,=cmd|'/c calc'!A" + std::to_string(i % 7) + '\n';
  harm += "a\x1b]0;xyzzy\x07,\x1b[2J\xe2\x80\xae,@SUM(A1)\n";
  files.push_back({"harm", harm, ""});

  std::string columns, row;
  for (int i = 0; i < 100'000; ++i) columns += 'c' + std::to_string(i) + ',', row += std::to_string(i % 10) + ',';
  files.push_back({"columns", columns + '\n' + repeated(row + '\n', 5'000'000), ""});
  files.push_back({"cell", "a,b\n1,\"" + repeated("five megabytes ", 5'000'000) + "\"\n2,x\n3,y\n", ""});

  std::string values = "a,b,c,d\n";
  for (int i = 0; values.size() < 8'000'000; ++i) {
    const std::string number = std::to_string(i * 2654435761u % 4294967291u);
    values += 'v' + number + ",w" + number + ",x" + number + ",y" + number + '\n';
  }
  files.push_back({"values", values, ""});

  const std::string expands = gzipped("a,b\n" + repeated("1,2\n", 120'000'000));
  files.push_back({"gzip", expands, ""});
  std::string bomb;
  for (int i = 0; i < 12; ++i) bomb += expands;  // members, one behind the other
  files.push_back({"bomb", bomb, "input_expands_too_far"});
  return files;
}

constexpr std::size_t report_bytes_max = 16 << 20;
constexpr std::size_t memory_kib_max = 900 << 10;

void check_report(const fs::path& directory) {
  std::size_t bytes = 0;
  for (const char* name : {"analysis.json", "report.html", "summary.txt"}) {
    const std::string content = read_file(directory / name);
    bytes += content.size();
    for (const char c : content)
      if (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') FAIL(name << " has a control character");
    CHECK(content.find("\xe2\x80\xae") == std::string::npos);
  }
  CHECK(bytes <= report_bytes_max);
  const std::string html = read_file(directory / "report.html");
  for (const char* harm : {"<script>xyzzy", "<img src=x", "</script><script>xyzzy"})
    CHECK(html.find(harm) == std::string::npos);
  CHECK(html.find("href=\"http://xyzzy") == std::string::npos);
}

// Runs it and says its exit code and the most memory that it had, in KiB.
constexpr const char* measured = R"(
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=open('errors', 'w')).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
)";

}  // namespace

TEST_CASE("circuit analyze takes files that mean harm as data, in bounded memory") {
  for (const File& file : hostile_files()) {
    // The command takes as much as its user gives it; orders have a limit (below).
    if (file.failure == "input_expands_too_far") continue;
    CAPTURE(file.name, file.content.size());
    Circuit circuit("");
    const fs::path csv = circuit.directory() / "file.csv", said = circuit.directory() / "said";
    write_file(csv, file.content);
    Process process(
        "/bin/sh",
        {"-c", "cd " + circuit.directory().string() + " && exec python3 -c \"$0\" \"$@\"", measured,
         program("circuit").string(), "analyze", csv.string(), "--out", (circuit.directory() / "report").string()},
        said);
    REQUIRE(process.wait(seconds(200)) == 0);
    int code = -1;
    std::size_t memory_kib = 0;
    std::istringstream(read_file(said)) >> code >> memory_kib;
    CAPTURE(memory_kib, read_file(circuit.directory() / "errors"));
    CHECK(memory_kib <= memory_kib_max);
    CHECK((code == 0) == file.failure.empty());
    if (code == 0) check_report(circuit.directory() / "report");
  }
}

TEST_CASE("orders of files that mean harm are fulfilled or refused, and the worker's memory is bounded") {
  Circuit circuit;
  circuit.start();
  for (const File& file : hostile_files()) {
    CAPTURE(file.name, file.content.size());
    Json order = analysis_order(file.name, "");
    order["input"]["csv"] = Json::binary({file.content.begin(), file.content.end()});
    const std::string id = circuit.create(order);
    if (!file.failure.empty()) {
      const Json failed = circuit.wait_for(id, "fulfillment_failed", seconds(200));
      CHECK(failed.at("history").back().at("data").at("reason") == file.failure);
      continue;
    }
    const Json done = circuit.wait_for(id, "fulfilled", seconds(200));
    const Json redeemed = circuit.control({{"type", "redeem_token"}, {"token", done.at("delivery_token")}});
    check_report(circuit.data() / redeemed.at("directory").get<std::string>());
  }
  CHECK(memory_kib(circuit.daemon("fulfillment").pid(), "VmHWM") <= memory_kib_max);
}
