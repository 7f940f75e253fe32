// Each case runs a whole daemon in a child process and looks at its exit code and its standard error.
#include "broker/daemon/run.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <regex>
#include <system_error>
#include <vector>

#include "broker/daemon/directory_lock.hpp"
#include "broker/daemon/signals.hpp"
#include "tests/unit/daemon/scratch_directory.hpp"

using namespace circuit::daemon;

namespace {

struct Ended {
  int code = -1;  // 128 + the signal that killed it
  std::string text;
};

using Body = std::function<void(Context&)>;

class Child {
 public:
  Child(std::vector<std::string> arguments, const Body& body) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    std::fflush(nullptr);  // or the child would write once more what is buffered
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::dup2(ends[1], 1);
      ::dup2(ends[1], 2);
      std::vector<const char*> argv = {"circuit-test"};
      for (const std::string& argument : arguments) argv.push_back(argument.c_str());
      const int code = run(static_cast<int>(argv.size()), argv.data(), {"circuit-test", "Is tested."}, body);
      ::fflush(nullptr);
      std::cout.flush();
      ::_exit(code);
    }
    ::close(ends[1]);
    output_ = FileDescriptor(ends[0]);
  }

  // Reads on until the text has come.
  void wait_for(std::string_view text) {
    while (text_.find(text) == text_.npos && read_more()) {
    }
    REQUIRE_THAT(text_, Catch::Contains(std::string(text)));
  }
  void signal(int number) const { REQUIRE(::kill(pid_, number) == 0); }

  Ended end() {
    while (read_more()) {
    }
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, 0) == pid_);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text_};
  }

 private:
  bool read_more() {
    char buffer[4096];
    const ssize_t got = ::read(output_.get(), buffer, sizeof buffer);
    if (got > 0) text_.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }

  pid_t pid_ = -1;
  FileDescriptor output_;
  std::string text_;
};

Ended run_child(
    std::vector<std::string> arguments, const Body& body = [](Context&) {}) {
  return Child(std::move(arguments), body).end();
}

// In a child, where a failed CHECK would go unseen.
void expect(bool condition, const char* what) {
  if (!condition) throw std::logic_error(what);
}

void wait_for_stop(Context& context) {
  pollfd polled{context.stop_fd(), POLLIN, 0};
  while (!context.stopping()) ::poll(&polled, 1, -1);
}

}  // namespace

TEST_CASE("a daemon that is asked to stop drains and ends with 0") {
  const ScratchDirectory scratch;
  for (const int number : {SIGTERM, SIGINT}) {
    Child child({"--data", scratch.path / "data"}, [](Context& context) {
      expect(!context.stopping(), "asked to stop too early");
      context.ready();
      wait_for_stop(context);
      expect(context.stopping(), "forgot that it was asked to stop");
      pollfd polled{context.stop_fd(), POLLIN, 0};
      expect(::poll(&polled, 1, 0) == 0, "is still readable");
      std::ofstream(context.data() / "drained") << "yes";
    });
    child.wait_for("ready");
    child.signal(number);
    const Ended ended = child.end();
    CAPTURE(ended.text);
    CHECK(ended.code == 0);
    CHECK(std::filesystem::remove(scratch.path / "data" / "drained"));
    CHECK_THAT(ended.text, Catch::Contains("stopped"));
  }
}

TEST_CASE("the data directory, the settings and the name are what the command line says") {
  const ScratchDirectory scratch;
  std::ofstream(scratch.path / "circuit.toml") << "[limits]\nbatch_items_max = 7\n";
  const std::string data = scratch.path / "data/";
  const Ended ended = run_child({"--data", data, "--config", scratch.path / "circuit.toml", "--name", "payment-2"},
                                [&](Context& context) {
                                  expect(context.data().string() + '/' == data, "data");
                                  expect(std::filesystem::is_directory(context.data() / "run"), "run");
                                  expect(context.settings().limits.batch_items_max == 7, "settings");
                                  expect(context.name() == "payment-2", "name");
                                });
  CAPTURE(ended.text);
  CHECK(ended.code == 0);
}

TEST_CASE("the exit code says by whose fault a daemon ended") {
  const ScratchDirectory scratch;
  const std::string data = scratch.path / "data";
  const auto ends_with = [&](const Body& body) { return run_child({"--data", data}, body).code; };
  CHECK(ends_with([](Context&) { throw std::runtime_error("x"); }) == 70);
  CHECK(ends_with([](Context&) { throw 5; }) == 70);
  CHECK(ends_with([](Context&) { throw std::system_error(EIO, std::generic_category()); }) == 74);
  CHECK(ends_with([](Context&) { std::filesystem::create_directory("/nowhere/x"); }) == 74);
  const DirectoryLock lock(scratch.path);
  CHECK(ends_with([&](Context&) { DirectoryLock second(scratch.path); }) == 75);
  CHECK(run_child({"--data", data, "--nonsense"}).code == 64);
  CHECK(run_child({"--data"}).code == 64);
  CHECK(run_child({"--data", ""}).code == 64);
  CHECK(run_child({"--data", data, "--name", "a b"}).code == 64);
  CHECK(run_child({"--data", data, "--config", "/nowhere/circuit.toml"}).code == 78);
  CHECK(run_child({"--data", scratch.path / std::string(100, 'd')}).code == 78);
  CHECK(run_child({"--data", "/proc/nowhere"}).code == 74);
}

TEST_CASE("an error is logged with its sentence on a line of its own") {
  const ScratchDirectory scratch;
  const Ended ended =
      run_child({"--data", scratch.path}, [](Context&) { throw std::runtime_error("first\nsecond \x7f\x01"); });
  CHECK_THAT(ended.text, Catch::Contains(" critical circuit-test first\\x0asecond \\x7f\\x01 (exit code 70)\n"));
  std::istringstream lines(ended.text);
  const std::regex record(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|critical) circuit-test .*)");
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(std::regex_match(line, record));
  }
}

TEST_CASE("help and version are printed without touching the disk") {
  const ScratchDirectory scratch;
  const std::string data = scratch.path / "data";
  const Ended version = run_child({"--data", data, "--version"});
  CHECK(version.code == 0);
  CHECK(version.text == "circuit-test 0.1.0\n");
  const Ended help = run_child({"--data", data, "--help"});
  CHECK(help.code == 0);
  CHECK_THAT(help.text,
             Catch::Contains("Is tested.") && Catch::Contains("--config") && Catch::Contains("limits.map_bytes"));
  CHECK_FALSE(std::filesystem::exists(data));
}

TEST_CASE("a daemon starts with private files, all its descriptors and no deadly signals") {
  const ScratchDirectory scratch;
  const Ended ended = run_child({"--data", scratch.path}, [](Context&) {
    expect(::umask(0) == 077, "umask");
    rlimit limit{};
    expect(::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == limit.rlim_max, "descriptors");
    std::raise(SIGPIPE);
    std::raise(SIGXFSZ);
  });
  CAPTURE(ended.text);
  CHECK(ended.code == 0);
}

TEST_CASE("a child process gets ordinary signals again") {
  const ScratchDirectory scratch;
  const Ended ended = run_child({"--data", scratch.path}, [](Context&) {
    restore_signals();
    std::raise(SIGTERM);
  });
  CHECK(ended.code == 128 + SIGTERM);
}

TEST_CASE("the supervisor hears ready, alive at half its period, status and stopping") {
  const ScratchDirectory scratch;
  const std::string path = scratch.path / "notify";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const FileDescriptor supervisor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  REQUIRE(::bind(supervisor.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);

  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "600000000", 1);
  const Ended ended = run_child({"--data", scratch.path / "data"}, [](Context& context) {
    context.ready();
    for (int i = 0; i < 1'000; ++i) context.alive();
    context.status("two\nlines");
    ::kill(::getpid(), SIGTERM);
    wait_for_stop(context);
  });
  ::unsetenv("NOTIFY_SOCKET");
  ::unsetenv("WATCHDOG_USEC");

  CAPTURE(ended.text);
  CHECK(ended.code == 0);
  std::vector<std::string> heard;
  char buffer[256];
  for (ssize_t got; (got = ::recv(supervisor.get(), buffer, sizeof buffer, 0)) > 0;)
    heard.emplace_back(buffer, static_cast<std::size_t>(got));
  CHECK(heard == std::vector<std::string>{"READY=1", "WATCHDOG=1", "STATUS=two lines", "STOPPING=1"});
}

TEST_CASE("a shared socket is open to the group of the settings, and only if there is one") {
  const struct group* own = ::getgrgid(::getegid());
  if (!own) return;
  const ScratchDirectory scratch;
  std::ofstream(scratch.path / "circuit.toml") << "[access]\ngroup = \"" << own->gr_name << "\"\n";
  const auto body = [](mode_t expected) {
    return [expected](Context& context) {
      const auto path = context.data() / "run" / "orders.sock";
      std::ofstream(path) << "";
      context.share_socket("orders.sock");
      struct stat status {};
      expect(::stat(path.c_str(), &status) == 0 && (status.st_mode & 0777) == expected, "mode");
    };
  };
  CHECK(run_child({"--data", scratch.path / "alone"}, body(0600)).code == 0);
  CHECK(run_child({"--data", scratch.path / "shared", "--config", scratch.path / "circuit.toml"}, body(0660)).code ==
        0);
}
