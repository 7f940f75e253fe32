#include "ops/cli/client.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "broker/client/socket.hpp"
#include "broker/daemon/files.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/interrupt.hpp"

namespace circuit::cli {
namespace {

using Clock = std::chrono::steady_clock;

// Without a reply for this long, it is worth asking whether anybody is there.
constexpr std::chrono::milliseconds patience{250};
constexpr std::chrono::milliseconds repeat_interval{2'000};

// A reply may hold ten thousand orders, and below each what a customer sent as metadata.
constexpr schema::DocumentLimits reply_limits{.depth_max = 24, .nodes_max = 1u << 20, .map_pairs_max = 256};

// False when the wait was over first.
bool wait_readable(zmq::socket_t& socket, Clock::time_point until) {
  zmq::pollitem_t item{socket.handle(), 0, ZMQ_POLLIN, 0};
  const auto left =
      std::max(std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()), std::chrono::milliseconds(0));
  try {
    return zmq::poll(&item, 1, left) > 0;
  } catch (const zmq::error_t& error) {
    if (error.num() != EINTR) throw;
    throw_if_interrupted();
    return false;
  }
}

}  // namespace

bool is_repeatable(std::string_view type) {
  static constexpr std::array<std::string_view, 6> once = {"confirm_payment", "cancel_order", "request_refund",
                                                           "retry_order",     "recount",      "backup"};
  return std::ranges::find(once, type) == once.end();
}

bool is_listening(const std::string& endpoint) {
  constexpr std::string_view scheme = "ipc://";
  if (!endpoint.starts_with(scheme)) return true;
  const std::string path = endpoint.substr(scheme.size());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    throw Failure(ExitCode::config, path + ": this path is too long for a socket",
                  "give a shorter --data, such as a symbolic link to it or a relative path");
  std::memcpy(address.sun_path, path.data(), path.size());
  const daemon::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) daemon::throw_errno(path, "cannot make a socket");
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
  if (errno == EAGAIN || errno == EINPROGRESS) return true;  // its queue of connections is full
  if (errno == EACCES || errno == EPERM)
    throw Failure(ExitCode::unreachable, path + ": you may not connect to this socket",
                  "run this as the user of the daemons, or as a member of access.group");
  return false;
}

RequestClient::RequestClient(zmq::context_t& context, std::string endpoint)
    : context_(context), endpoint_(std::move(endpoint)) {}

Answer RequestClient::ask(Json request, std::chrono::milliseconds wait) {
  if (!socket_) {
    // Also because libzmq would refuse a path that is too long in words of its own.
    if (!is_listening(endpoint_)) return {Answer::Outcome::nobody, {}};
    socket_ = client::make_socket(context_, zmq::socket_type::dealer, {.message_bytes_max = -1});
    socket_.connect(endpoint_);
  }
  const bool repeatable = is_repeatable(request.value("type", ""));
  request["request_id"] = ++last_request_;
  const std::vector<std::uint8_t> packed = Json::to_msgpack(request);
  const std::string_view body(reinterpret_cast<const char*>(packed.data()), packed.size());

  const Clock::time_point deadline = Clock::now() + wait;
  Clock::time_point send_at = Clock::now();
  bool was_sent = false;
  for (;;) {
    if (Clock::now() >= send_at && (repeatable || !was_sent)) {
      was_sent |= client::send_now(socket_, body);
      send_at = Clock::now() + repeat_interval;
    }
    if (wait_readable(socket_, std::min(deadline, Clock::now() + patience))) {
      if (auto answer = read_reply()) return std::move(*answer);
      continue;
    }
    throw_if_interrupted();
    if (Clock::now() >= deadline) return {Answer::Outcome::no_answer, {}};
    // What was sent to a broker that has since died may have been carried out.
    if (!is_listening(endpoint_)) return {was_sent ? Answer::Outcome::no_answer : Answer::Outcome::nobody, {}};
  }
}

// Nothing for a reply to an earlier request, which came too late or twice.
std::optional<Answer> RequestClient::read_reply() {
  const auto frames = client::receive_now(socket_, 2);
  if (!frames || frames->empty()) return std::nullopt;
  if (document_.parse(client::text_of(frames->back()), reply_limits)) return std::nullopt;
  const schema::Document::Value root = document_.root();
  const schema::Document::Value id = root.find("request_id");
  if (!id || id.natural() != last_request_) return std::nullopt;
  const schema::Document::Value ok = root.find("ok");
  Json reply = json_of(root);
  if (ok && ok.boolean() == false) return Answer{Answer::Outcome::refused, std::move(reply["error"])};
  reply.erase("ok");
  reply.erase("request_id");
  return Answer{Answer::Outcome::done, std::move(reply)};
}

}  // namespace circuit::cli
