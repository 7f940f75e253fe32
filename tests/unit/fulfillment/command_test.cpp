#include "workers/fulfillment/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>

#include "broker/daemon/files.hpp"
#include "tests/unit/fulfillment/order.hpp"

using namespace circuit;
using namespace circuit::fulfillment;

namespace {

struct Ran {
  Ended ended;
  std::string output;
};

Command command_of(std::vector<std::string> arguments) {
  Command command;
  command.arguments = std::move(arguments);
  command.environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nowhere"};
  command.directory = "/";
  command.file_bytes_max = 1 << 20;
  return command;
}
Command shell(const std::string& line) { return command_of({"/bin/sh", "-c", line}); }

Ran run(const Command& command) {
  adopt_orphans();
  Ran ran;
  ran.ended = run_command(command, [&](std::string_view text) { ran.output += text; });
  return ran;
}

bool lives(pid_t pid) { return ::kill(pid, 0) == 0 || errno != ESRCH; }

}  // namespace

TEST_CASE("a program's exit code and output come back") {
  const Ran ran = run(shell("echo out; echo err >&2; exit 7"));
  CHECK(ran.ended.how == Ended::How::exited);
  CHECK(ran.ended.code == 7);
  CHECK(ran.output == "out\nerr\n");
}

TEST_CASE("a program reads its input to the end") {
  Command command = shell("cat");
  const std::string text(300'000, 'x');
  command.input = text;
  CHECK(run(command).output == text);
}

TEST_CASE("a program that reads nothing and prints much is in nobody's way") {
  Command command = shell("head -c 1000000 /dev/zero");
  const std::string text(300'000, 'x');
  command.input = text;
  const Ran ran = run(command);
  CHECK(ran.ended.how == Ended::How::exited);
  CHECK(ran.output.size() == 1'000'000);
}

TEST_CASE("a program sees the given environment and nothing else") {
  ::setenv("CIRCUIT_SECRET", "1", 1);
  CHECK(run(command_of({"/usr/bin/env"})).output == "PATH=/usr/bin:/bin\nLANG=C.UTF-8\nHOME=/nowhere\n");
}

TEST_CASE("a program has no descriptors of the daemon") {
  const int leaky = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as a library may do
  REQUIRE(leaky > 2);
  // ls itself opens the directory as 3.
  CHECK(run(command_of({"/bin/ls", "/proc/self/fd"})).output == "0\n1\n2\n3\n");
  ::close(leaky);
}

TEST_CASE("a program has its own session, private files, no core dumps and a limit of file sizes") {
  CHECK(run(shell("umask; ulimit -c; ulimit -f; ulimit -Hf")).output == "0077\n0\n2048\n2048\n");
  const Ran ran = run(shell("set -- $(cat /proc/$$/stat); [ $1 = $5 ] && [ $1 = $6 ] && echo own"));
  CHECK(ran.output == "own\n");
}

TEST_CASE("a program is subject to the signals that the daemon ignores") {
  ::signal(SIGPIPE, SIG_IGN);
  const Ran ran = run(shell("kill -PIPE $$; echo survived"));
  CHECK(ran.ended.how == Ended::How::signalled);
  CHECK(ran.ended.code == SIGPIPE);
}

TEST_CASE("a program that can't be started says why") {
  CHECK(run(command_of({"/nowhere/program"})).ended.how == Ended::How::not_started);
  CHECK(run(command_of({"/nowhere/program"})).ended.code == ENOENT);
  CHECK(run(command_of({"/etc/passwd"})).ended.code == EACCES);
  Command lost = shell("true");
  lost.directory = "/nowhere";
  CHECK(run(lost).ended.how == Ended::How::not_started);
}

TEST_CASE("a child that outlives its program is dead when the run is over") {
  const Ran ran = run(shell("sleep 1000 >/dev/null 2>&1 & echo $!"));
  CHECK(ran.ended.how == Ended::How::exited);
  CHECK_FALSE(lives(std::stoi(ran.output)));
}

TEST_CASE("a child that holds the output open does not hold the run") {
  const Ran ran = run(shell("sleep 1000 & echo $!"));
  CHECK(ran.ended.code == 0);
  CHECK_FALSE(lives(std::stoi(ran.output)));
}

TEST_CASE("after the time-out the program and a grandchild that ignores SIGTERM are dead") {
  Command command = shell("(trap '' TERM; sh -c 'echo $$; sleep 1000'; sleep 1000) & wait");
  command.timeout = std::chrono::milliseconds(1'000);
  const Ran ran = run(command);
  CHECK(ran.ended.how == Ended::How::timed_out);
  REQUIRE_FALSE(ran.output.empty());
  CHECK_FALSE(lives(std::stoi(ran.output)));
}

TEST_CASE("a program that ignores SIGTERM is killed after the grace") {
  Command command = shell("trap '' TERM; echo ready; while :; do sleep 1000; done");
  const daemon::FileDescriptor stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  command.stop_fd = stop.get();
  command.grace = std::chrono::milliseconds(50);
  adopt_orphans();
  const Ended ended = run_command(command, [&](std::string_view) { ::eventfd_write(stop.get(), 1); });
  CHECK(ended.how == Ended::How::stopped);
}

TEST_CASE("a program may clean up when it is asked to end") {
  Command command = shell("trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 1000 & wait; done");
  const daemon::FileDescriptor stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  command.stop_fd = stop.get();
  std::string output;
  const Ended ended = run_command(command, [&](std::string_view text) {
    output += text;
    ::eventfd_write(stop.get(), 1);
  });
  CHECK(ended.how == Ended::How::stopped);
  CHECK(output == "ready\ncleaned\n");
}

TEST_CASE("a process that left its group on purpose leaves no zombie when it ends") {
  ScratchDirectory scratch;
  const std::string begun = (scratch.path() / "begun").string();
  const std::string go = (scratch.path() / "go").string();
  REQUIRE((::mkfifo(begun.c_str(), 0600) == 0 && ::mkfifo(go.c_str(), 0600) == 0));
  const daemon::FileDescriptor gate = daemon::open_file(go, O_RDWR | O_NONBLOCK);
  Ran ran;
  std::thread([&] {
    ran =
        run(shell("setsid sh -c 'echo $$ > " + begun + "; read x < " + go + "' & read pid < " + begun + "; echo $pid"));
  }).join();
  const pid_t pid = std::stoi(ran.output);
  const daemon::FileDescriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  REQUIRE(process);
  daemon::write_all(gate, "x\n", go);
  pollfd ended{process.get(), POLLIN, 0};
  REQUIRE(::poll(&ended, 1, 20'000) == 1);
  REQUIRE(lives(pid));
  reap_orphans();
  CHECK_FALSE(lives(pid));
}
