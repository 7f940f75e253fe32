#include "workers/fulfillment/command.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

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

// Whether a process has this argument. Its number is of no use: the program may see another one than we do.
bool lives(const std::string& argument) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc"))
    if (content_of(entry.path() / "cmdline").find(argument + '\0') != std::string::npos) return true;
  return false;
}

// With a PID namespace where that can be had, and without.
Command with_own_pids(Command command, bool own_pids) {
  command.own_pids = own_pids;
  return command;
}

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
  const Ran ran = run(shell("read -r line < /proc/self/stat; set -- $line; [ $1 = $5 ] && [ $1 = $6 ] && echo own"));
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

TEST_CASE("a child that outlives its program is dead when the run is over, however it tries to get away") {
  for (const bool own_pids : {true, false}) {
    // In the background; in a session of its own, its parent gone; the same, and deaf to what it is asked.
    for (const std::string leave :
         {"sleep 1000.11 &", "(setsid sleep 1000.11 &) ; (setsid sh -c 'sleep 1000.11 & exit' &)",
          "(trap '' TERM HUP INT; setsid sh -c 'setsid sleep 1000.11 & exit' &)"}) {
      CAPTURE(own_pids, leave);
      // The output stays open in the child, and does not hold the run.
      const Ran ran = run(
          with_own_pids(shell(leave + "\nwhile ! pgrep -xf 'sleep 1000.11' >/dev/null; do :; done; exit 3"), own_pids));
      CHECK(ran.ended.how == Ended::How::exited);
      CHECK(ran.ended.code == 3);
      CHECK_FALSE(lives("1000.11"));
    }
  }
}

TEST_CASE("after the time-out the program and its descendants are dead, though they ignore SIGTERM") {
  for (const bool own_pids : {true, false}) {
    Command command = with_own_pids(shell("(trap '' TERM; setsid sh -c 'sleep 1000.22; sleep 1000.22') & "
                                          "trap '' TERM; while :; do sleep 1000.22; done"),
                                    own_pids);
    command.timeout = std::chrono::milliseconds(200);
    command.grace = std::chrono::milliseconds(50);
    CHECK(run(command).ended.how == Ended::How::timed_out);
    CHECK_FALSE(lives("1000.22"));
  }
}

// With the program's own PID namespace only: without one, nothing but its user's limits holds a program that forks
// faster than it is found, and root has none.
TEST_CASE("a program that forks without end is killed, and all that it forked") {
  Command command = shell("n=0; while :; do sleep 1000.33 & n=$((n+1)); done");
  command.limits = {.bytes_max = 1 << 20, .processes_max = 50};
  const Ran ran = run(command);
  CHECK(ran.ended.how == Ended::How::over_limit);
  CHECK(ran.ended.excess == Excess::processes);
  CHECK_FALSE(lives("1000.33"));
}

TEST_CASE("a program that fills the disk is killed, whether its files are many, large together, nested or nameless") {
  const auto excess_of = [](const std::string& line) {
    ScratchDirectory scratch;
    Command command = shell(line + "; exec sleep 1000.44");
    command.directory = scratch.path();
    command.watched = {scratch.path()};
    command.limits = {.bytes_max = 4 << 20, .files_max = 500};
    command.file_bytes_max = command.limits.bytes_max;
    const Ran ran = run(command);
    REQUIRE(ran.ended.how == Ended::How::over_limit);
    return ran.ended.excess;
  };
  CHECK(excess_of("i=0; while [ $i -lt 600 ]; do : > $i; i=$((i+1)); done") == Excess::files);
  CHECK(excess_of("i=0; while [ $i -lt 600 ]; do mkdir d; cd d; i=$((i+1)); done") == Excess::files);
  CHECK(excess_of("for i in 1 2 3; do head -c 3000000 /dev/zero > $i; done") == Excess::bytes);
  CHECK(excess_of("exec 3> a 4> b; rm a b; head -c 3000000 /dev/zero >&3; head -c 3000000 /dev/zero >&4") ==
        Excess::bytes);
  CHECK(excess_of("fallocate -n -l 40M a || head -c 4000000 /dev/zero > b; head -c 4000000 /dev/zero > c") ==
        Excess::bytes);
}

TEST_CASE("a program that takes too much memory is killed") {
  Command command = shell("head -c 200000000 /dev/zero | tail -n 1; exec sleep 1000.55");
  command.limits = {.bytes_max = 1 << 20, .memory_max = 32 << 20};
  const Ran ran = run(command);
  CHECK(ran.ended.how == Ended::How::over_limit);
  CHECK(ran.ended.excess == Excess::memory);
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

TEST_CASE("what a killed keeper leaves behind is found and ended") {
  const Ran ran = run(with_own_pids(
      shell("setsid sh -c 'exec sleep 1000.66' &\nwhile ! pgrep -xf 'sleep 1000.66' >/dev/null; do :; done; "
            "kill -KILL $PPID; sleep 1000.66"),
      false));
  CHECK(ran.ended.how == Ended::How::signalled);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (lives("1000.66") && std::chrono::steady_clock::now() < end) end_orphans();
  CHECK_FALSE(lives("1000.66"));
}
