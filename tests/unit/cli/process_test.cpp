#include "ops/cli/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <csignal>

#include "ops/cli/client.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/ready_socket.hpp"
#include "ops/cli/text.hpp"
#include "tests/unit/temporary_directory.hpp"

using namespace circuit;

namespace {

struct Child {
  tests::TemporaryDirectory directory;
  std::filesystem::path log = directory.path() / "log";
  cli::Process process;
  explicit Child(const std::string& script, std::vector<std::string> environment = {}) {
    process =
        cli::spawn({"/bin/sh", {"-c", script, "sh", "--data", directory.path().string()}, std::move(environment), log});
  }
  ~Child() {
    cli::send_signal(process, SIGKILL);
    (void)wait();
  }
  // Its exit code; nothing after the first time.
  std::optional<int> wait() {
    pollfd ended{process.pidfd.get(), POLLIN, 0};
    REQUIRE(::poll(&ended, 1, 10'000) == 1);
    return cli::reap(process);
  }
  std::string said() {
    (void)wait();
    return daemon::read_file(log, 10'000);
  }
};

// The program behind /bin/sh, whatever the system calls it.
std::string shell_name() { return std::filesystem::canonical("/bin/sh").filename().string(); }

}  // namespace

TEST_CASE("a daemon gets no descriptor but the first three, and a session of its own") {
  const int leaked = ::open("/dev/null", O_RDONLY);  // not closed on exec
  Child child("ls /proc/$$/fd; readlink /proc/$$/fd/0; cut -d' ' -f1,6 /proc/$$/stat");
  ::close(leaked);
  const std::string pid = std::to_string(child.process.pid);
  CHECK(child.said() == "0\n1\n2\n/dev/null\n" + pid + ' ' + pid + '\n');
}

TEST_CASE("what a supervisor told us is not told to the daemons") {
  ::setenv("NOTIFY_SOCKET", "/nowhere", 1);
  Child child("echo $NOTIFY_SOCKET $ADDED", {"ADDED=yes"});
  ::unsetenv("NOTIFY_SOCKET");
  CHECK(child.said() == "yes\n");
}

TEST_CASE("how a child ended is known once") {
  Child left("exit 7");
  CHECK(left.wait() == 7);
  CHECK(left.wait() == std::nullopt);
  Child killed("kill -9 $$");
  CHECK(killed.wait() == 128 + 9);
}

TEST_CASE("a program that is not there is an error at once") {
  const tests::TemporaryDirectory directory;
  CHECK_THROWS_AS(cli::spawn({directory.path() / "nothing", {}, {}, directory.path() / "log"}), std::system_error);
}

TEST_CASE("a pid is trusted only when it is this program on this directory") {
  Child child("kill -STOP $$; :");
  // Its command line is not there yet when spawn returns: the kernel lets us go on in the middle of its exec.
  siginfo_t stopped{};
  REQUIRE(::waitid(P_PIDFD, static_cast<id_t>(child.process.pidfd.get()), &stopped, WSTOPPED) == 0);
  const tests::TemporaryDirectory other;
  const pid_t pid = child.process.pid;
  CHECK(cli::find_process(pid, shell_name(), child.directory.path()));
  CHECK_FALSE(cli::find_process(pid, "circuit-broker", child.directory.path()));
  CHECK_FALSE(cli::find_process(pid, shell_name(), other.path()));
  CHECK_FALSE(cli::find_process(0, shell_name(), child.directory.path()));
  const std::int64_t age_us = cli::now_us() - cli::started_at_us(pid);
  CHECK(age_us > -2'000'000);
  CHECK(age_us < 60'000'000);
  cli::send_signal(child.process, SIGKILL);
  (void)child.wait();
  CHECK_FALSE(cli::find_process(pid, shell_name(), child.directory.path()));
  CHECK(cli::started_at_us(pid) == 0);
}

TEST_CASE("nobody listens where nothing is bound, and a path too long for a socket is said to be so") {
  const tests::TemporaryDirectory directory;
  CHECK_FALSE(cli::is_listening("ipc://" + (directory.path() / "orders.sock").string()));
  CHECK_THROWS_AS(cli::is_listening("ipc:///" + std::string(200, 'x')), cli::Failure);
}

TEST_CASE("only requests that may be repeated are repeated") {
  CHECK(cli::is_repeatable("create_order"));
  CHECK(cli::is_repeatable("get_order"));
  CHECK_FALSE(cli::is_repeatable("confirm_payment"));
  CHECK_FALSE(cli::is_repeatable("request_refund"));
}
