#include "workers/fulfillment/exec.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/fulfillment/order.hpp"
#include "workers/fulfillment/order_json.hpp"

using namespace circuit;
using namespace circuit::fulfillment;

namespace {

// A product whose program is the script.
class Program {
 public:
  explicit Program(std::string_view script, std::string input = {}) : ordered_(std::move(input)) {
    options.command = {write_script(programs_.path() / "program", script)};
  }
  HandlerResult run() { return ExecHandler(options, ordered_.scratch.path()).run(ordered_.request); }
  std::string fails() {
    const HandlerResult result = run();
    const auto* failure = std::get_if<PermanentFailure>(&result);
    return failure ? failure->word : "";
  }
  bool delivers() { return std::holds_alternative<DeliveredFiles>(run()); }
  bool puts_off() { return std::holds_alternative<TemporaryFailure>(run()); }
  [[nodiscard]] std::string log() const { return content_of(ordered_.scratch.path() / "log" / "exec" / "run.log"); }
  [[nodiscard]] const Request& request() const { return ordered_.request; }
  [[nodiscard]] const std::filesystem::path& output() const { return ordered_.request.output; }
  config::ExecOptions options;

 private:
  ScratchDirectory programs_;  // the data directory is closed to programs
  Ordered ordered_;
};

}  // namespace

TEST_CASE("the files that a program leaves are delivered") {
  Program program("echo made > result.txt; echo more > second.txt");
  CHECK(program.delivers());
  CHECK(content_of(program.output() / "result.txt") == "made\n");
}

TEST_CASE("a program reads the order as JSON and runs in the output directory") {
  Program program("cat > order.json; pwd > where");
  REQUIRE(program.delivers());
  CHECK(content_of(program.output() / "order.json") == order_json(program.request(), program.request().input_to));
  CHECK(content_of(program.output() / "where") == program.output().string() + "\n");
}

TEST_CASE("a program gets its arguments as they are, without a shell") {
  Program program("printf '%s|' \"$@\" > arguments");
  program.options.command.insert(program.options.command.end(), {"$HOME", "a b", "*"});
  REQUIRE(program.delivers());
  CHECK(content_of(program.output() / "arguments") == "$HOME|a b|*|");
}

TEST_CASE("a program's home is its output directory") {
  Program program("echo \"$HOME $LANG $PATH\" > home");
  REQUIRE(program.delivers());
  CHECK(content_of(program.output() / "home") == program.output().string() + " C.UTF-8 /usr/local/bin:/usr/bin:/bin\n");
}

TEST_CASE("a command without a slash is looked up") {
  Program program("");
  program.options.command = {"sh", "-c", "echo x > file"};
  CHECK(program.delivers());
}

TEST_CASE("each field of the input is a file") {
  std::string packed;
  schema::Packer(packed).map(3).text("a.csv").binary("1,2\n").text("note").text("hi").text("size").natural(3);
  Program program("cat ../input/a.csv ../input/note ../input/size > all", packed);
  REQUIRE(program.delivers());
  CHECK(content_of(program.output() / "all") == "1,2\nhi3");
}

TEST_CASE("an input field with an unsafe name is refused before the program runs") {
  for (const char* name : {"../a", ".a", "a/b", ""}) {
    Program program("echo x > file", packed_map({{name, "x"}}));
    CHECK(program.fails() == "input_name");
    CHECK(std::filesystem::is_empty(program.output()));
  }
}

TEST_CASE("a program that fails gives the customer a sentence") {
  Program program("printf 'The \\033 picture is too small.\\nsecond line' > failure.txt; exit 3");
  const HandlerResult result = program.run();
  REQUIRE(std::holds_alternative<PermanentFailure>(result));
  CHECK(std::get<PermanentFailure>(result).word == "program_failed");
  CHECK(std::get<PermanentFailure>(result).sentence == "The   picture is too small.");
}

TEST_CASE("a program that fails without a sentence has a default one") {
  for (const char* script : {"exit 1", "exit 74", "exit 76", "exit 125", "ln -s /etc/hostname failure.txt; exit 1",
                             "mkfifo failure.txt; exit 1", "mkdir failure.txt; exit 1"}) {
    Program program(script);
    const HandlerResult result = program.run();
    REQUIRE(std::holds_alternative<PermanentFailure>(result));
    CHECK(std::get<PermanentFailure>(result).sentence == "The product could not be made from this order.");
  }
}

TEST_CASE("a program may ask for another try, and one that broke gets one") {
  for (const char* script : {"echo x > file; exit 75", "exit 126", "exit 127", "kill -KILL $$", "kill -SEGV $$",
                             "sh -c 'kill -KILL $$'; exit $?"})
    CHECK(Program(script).puts_off());
}

TEST_CASE("a program that can't be started is tried again") {
  Program missing("");
  missing.options.command = {"/nowhere/program"};
  CHECK(missing.puts_off());
  missing.options.command = {"no-such-program-anywhere"};
  CHECK(missing.puts_off());
}

TEST_CASE("a program that takes too long is tried again, and its children are dead") {
  Program program("sh -c 'trap \"\" TERM; echo x > begun; sleep 1000.77' & wait");
  program.options.timeout_ms = 1'000;
  CHECK(program.puts_off());
  CHECK(std::filesystem::exists(program.output() / "begun"));
  for (const auto& entry : std::filesystem::directory_iterator("/proc"))
    CHECK(content_of(entry.path() / "cmdline").find("1000.77") == std::string::npos);
}

TEST_CASE("output above the limit can't be delivered, however the program takes it") {
  for (const char* script : {"head -c 3000 /dev/zero > large",                           // a child gets the signal
                             "exec head -c 3000 /dev/zero > large",                      // the program itself
                             "trap '' XFSZ; head -c 3000 /dev/zero > large; exit 1",     // it sees an error
                             "head -c 800 /dev/zero > a; head -c 800 /dev/zero > b"}) {  // each is small enough
    Program program(script);
    program.options.output_bytes_max = 1'024;
    CHECK(program.fails() == "output_too_large");
  }
}

TEST_CASE("output at the limit is delivered") {
  Program program("head -c 1000 /dev/zero > a; head -c 24 /dev/zero > b");
  program.options.output_bytes_max = 1'024;
  CHECK(program.delivers());
}

TEST_CASE("only plain files with safe names are delivered") {
  CHECK(Program("true").fails() == "output_missing");
  CHECK(Program("ln -s /etc/hostname file").fails() == "output_not_a_file");
  CHECK(Program("mkdir directory; echo x > directory/file").fails() == "output_not_a_file");
  CHECK(Program("mkfifo pipe").fails() == "output_not_a_file");
  CHECK(Program("echo x > one; ln one two").fails() == "output_linked");
  CHECK(Program("echo x > 'a b'").fails() == "output_name");
  CHECK(Program("echo x > .hidden").fails() == "output_name");
  CHECK(Program("for i in $(seq 101); do echo x > $i; done").fails() == "output_too_many");
}

TEST_CASE("what a program prints goes to a log of bounded size") {
  Program program("echo x > file; echo out; echo err >&2; head -c 200000 /dev/zero");
  REQUIRE(program.delivers());
  CHECK(program.log().size() == log_bytes_max);
  CHECK(program.log().substr(0, 8) == "out\nerr\n");
}

TEST_CASE("a program that prints nothing has no log") {
  Program program("echo x > file");
  REQUIRE(program.delivers());
  CHECK(std::filesystem::is_empty(program.output().parent_path() / "log" / "exec"));
}

TEST_CASE("a program has a place for temporary files, which is not delivered") {
  Program program("t=$(mktemp); echo x > $t; mv $t file; echo \"$TMPDIR\" > where");
  REQUIRE(program.delivers());
  CHECK(content_of(program.output() / "where") == program.output().parent_path().string() + "/tmp\n");
}

TEST_CASE("a program whose files fill the disk gets the customer an answer, not another try") {
  Program program("while :; do head -c 1000000 /dev/zero > $TMPDIR/$i; i=x$i; done");
  program.options.output_bytes_max = 2'000'000;
  CHECK(program.fails() == "output_too_large");
}

TEST_CASE("a program of the data directory is refused with what to do") {
  Ordered ordered;
  config::ExecOptions options;
  options.command = {write_script(ordered.scratch.path() / "program", "true")};
  CHECK_THROWS_WITH(ExecHandler(options, ordered.scratch.path()), Catch::Contains("must lie outside"));
}
