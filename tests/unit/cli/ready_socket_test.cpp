#include "ops/cli/ready_socket.hpp"

#include <poll.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdlib>

using namespace circuit;

namespace {

// What sd_notify(3) sends arrives.
pid_t heard(cli::ReadySocket& socket, const char* state) {
  const std::string variable = socket.environment();
  const std::size_t equals = variable.find('=');
  ::setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
  REQUIRE(sd_notify(1, state) > 0);
  pollfd readable{socket.fd(), POLLIN, 0};
  REQUIRE(::poll(&readable, 1, 1'000) == 1);
  const auto pid = socket.receive();
  REQUIRE(pid);
  return *pid;
}

}  // namespace

TEST_CASE("who says READY=1 is known from the kernel") {
  cli::ReadySocket socket;
  CHECK_FALSE(socket.receive());
  CHECK(heard(socket, "READY=1") == ::getpid());
  CHECK(heard(socket, "STATUS=x\nREADY=1") == ::getpid());
  CHECK_FALSE(socket.receive());
}

TEST_CASE("other notifications are not readiness") {
  cli::ReadySocket socket;
  CHECK(heard(socket, "STATUS=READY=1") == 0);
  CHECK(heard(socket, "WATCHDOG=1") == 0);
}
