#include "ops/cli/ready_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <system_error>

namespace circuit::cli {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

bool says_ready(std::string_view message) {
  constexpr std::string_view ready = "READY=1";
  for (std::size_t at = message.find(ready); at != std::string_view::npos; at = message.find(ready, at + 1)) {
    const std::size_t end = at + ready.size();
    if ((at == 0 || message[at - 1] == '\n') && (end == message.size() || message[end] == '\n')) return true;
  }
  return false;
}

}  // namespace

ReadySocket::ReadySocket() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  if (!socket_) fail("cannot make the socket that hears when daemons are ready");
  const int on = 1;
  if (::setsockopt(socket_.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) fail("SO_PASSCRED");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // unix(7), autobind: an address of the family alone.
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address.sun_family) != 0) fail("bind");
}

std::string ReadySocket::environment() const {
  sockaddr_un address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("getsockname");
  // sd_notify(3) writes the zero byte of an abstract name as '@'.
  const std::size_t name_bytes = size - offsetof(sockaddr_un, sun_path) - 1;
  return "NOTIFY_SOCKET=@" + std::string(address.sun_path + 1, name_bytes);
}

std::optional<pid_t> ReadySocket::receive() {
  std::array<char, 4096> text;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control;
  iovec part{text.data(), text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
  if (got < 0) {
    if (errno == EAGAIN || errno == EINTR) return std::nullopt;
    fail("cannot hear whether daemons are ready");
  }
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_CREDENTIALS) return 0;
  ucred sender{};
  std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
  return says_ready({text.data(), static_cast<std::size_t>(got)}) ? sender.pid : 0;
}

}  // namespace circuit::cli
