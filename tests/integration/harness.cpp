#include "tests/integration/harness.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <set>
#include <system_error>

namespace circuit::integration {

namespace fs = std::filesystem;

namespace {

// sd_notify(3): datagrams of the daemons, with the pid of their sender. It must not stay when nobody reads it: a daemon
// that tells its status waits for room.
class ReadySocket {
 public:
  explicit ReadySocket(const fs::path& path)
      : path_(path.string()), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    const int on = 1;
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::setsockopt(socket_, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
      throw std::system_error(errno, std::generic_category(), "NOTIFY_SOCKET");
  }
  ~ReadySocket() {
    ::close(socket_);
    ::unlink(path_.c_str());
  }
  [[nodiscard]] const std::string& path() const { return path_; }

  // The pid of a daemon that got ready meanwhile; 0: none.
  [[nodiscard]] pid_t receive() const {
    std::array<char, 4096> text;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control;
    iovec part{text.data(), text.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(socket_, &message, MSG_DONTWAIT);
    if (got < 0 || std::string_view(text.data(), static_cast<std::size_t>(got)).find("READY=1") == std::string::npos)
      return 0;
    ucred sender{};
    std::memcpy(&sender, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof sender);
    return sender.pid;
  }

 private:
  std::string path_;
  int socket_;
};

fs::path temporary_directory() {
  std::string path = (fs::temp_directory_path() / "circuit-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp");
  return path;
}

// "payment-2" is a second circuit-payment.
std::string program_of(const std::string& name) { return "circuit-" + name.substr(0, name.find('-')); }

void print_end(const std::string& name, const std::string& log) {
  constexpr std::size_t bytes = 2'000;
  std::cerr << "--- the end of the log of " << name << "\n"
            << log.substr(log.size() > bytes ? log.size() - bytes : 0) << "\n";
}

}  // namespace

Circuit::Circuit(const std::string& config) : directory_(temporary_directory()) { set_config(config); }

Circuit::~Circuit() {
  if (std::uncaught_exceptions() > 0)
    for (const auto& [name, daemon] : daemons_) print_end(name, log(name));
  daemons_.clear();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void Circuit::set_config(const std::string& config) {
  if (config.empty())
    fs::remove(config_path());
  else
    write_file(config_path(), config);
}

void Circuit::start() { start({"broker", "sandbox", "payment", "fulfillment", "auditor"}); }

void Circuit::start(const std::vector<std::string>& names) {
  const ReadySocket ready(directory_ / "ready");
  std::set<pid_t> starting;
  for (const std::string& name : names) {
    std::vector<std::string> arguments = {"--data", data().string(), "--name", "circuit-" + name};
    if (fs::exists(config_path())) arguments.insert(arguments.end(), {"--config", config_path().string()});
    daemons_[name] = std::make_unique<Process>(program(program_of(name)), arguments, directory_ / (name + ".log"),
                                               std::map<std::string, std::string>{{"NOTIFY_SOCKET", ready.path()}});
    starting.insert(daemons_[name]->pid());
  }
  eventually("the daemons are ready", [&] {
    while (const pid_t pid = ready.receive()) starting.erase(pid);
    for (const std::string& name : names)
      if (!daemons_[name]->running()) throw std::runtime_error(name + " ended at its start: " + log(name));
    return starting.empty();
  });
}

void Circuit::stop(const std::string& name) {
  daemon(name).signal(SIGTERM);
  const int code = daemon(name).wait();
  daemons_.erase(name);
  if (code != 0) throw std::runtime_error(name + " ended with exit code " + std::to_string(code) + ": " + log(name));
}

void Circuit::kill(const std::string& name, int signal) {
  daemon(name).signal(signal);
  daemon(name).wait();
  daemons_.erase(name);
}

std::string Circuit::log(const std::string& name) const {
  const fs::path path = directory_ / (name + ".log");
  return fs::exists(path) ? read_file(path) : "";
}

std::string Circuit::endpoint(const std::string& socket) const { return "ipc://" + (data() / "run" / socket).string(); }

Client& Circuit::kept(std::unique_ptr<Client>& client, const std::string& socket) {
  if (!client)
    client = std::make_unique<Client>(endpoint(socket),
                                      socket == "orders-push.sock" ? zmq::socket_type::push : zmq::socket_type::dealer);
  return *client;
}

Json Circuit::orders(const Json& request) { return kept(orders_, "orders.sock").ask(request); }
Json Circuit::control(const Json& request) { return kept(control_, "control.sock").ask(request); }
void Circuit::push(const Json& request) {
  Client& client = kept(push_, "orders-push.sock");
  eventually("the push socket is connected", [&] {
    zmq::pollitem_t item{client.socket().handle(), 0, ZMQ_POLLOUT, 0};
    return zmq::poll(&item, 1, milliseconds(0)) > 0;
  });
  client.send(request);
}

std::string Circuit::create(const Json& request) {
  const Json reply = orders(request);
  if (!error_of(reply).empty()) throw std::runtime_error("an order was refused: " + reply.dump());
  return reply.at("order_id");
}

Json Circuit::order(const std::string& order_id) {
  const Json reply = orders({{"type", "get_order"}, {"order_id", order_id}});
  if (!error_of(reply).empty()) throw std::runtime_error(reply.dump());
  return reply.at("order");
}

Json Circuit::wait_for(const std::string& order_id, const std::string& status, milliseconds limit) {
  Json now;
  try {
    eventually(
        "", [&] { return (now = order(order_id)).at("status") == status; }, limit);
  } catch (const std::runtime_error&) {
    throw std::runtime_error("the order is not " + status + " in time: " + now.dump());
  }
  return now;
}

Json Circuit::attention(const std::string& order_id) {
  const Json reply = control({{"type", "get_attention"}});
  for (const Json& entry : reply.at("attention"))
    if (entry.at("order_id") == order_id) return entry;
  return Json::object();
}

Json Circuit::worker(const std::string& name) {
  const Json reply = control({{"type", "status"}});
  for (const Json& line : reply.at("status").at("workers"))
    if (line.at("name") == "circuit-" + name) return line;
  return Json::object();
}

Audit Circuit::whole_audit() {
  const std::uint64_t last_seq = stats().at("last_seq");
  Audit read;
  eventually("the audit log has " + std::to_string(last_seq) + " lines", [&] {
    read = audit();
    return read.lines.size() >= last_seq;
  });
  return read;
}

Json license_order(const std::string& key) {
  return {{"type", "create_order"},
          {"product_id", "LICENSE_KEY_V1"},
          {"customer_id", "customer_001"},
          {"idempotency_key", key},
          {"amount", 2000},
          {"currency", "USD"}};
}

Json analysis_order(const std::string& key, std::string_view csv) {
  return {{"type", "create_order"},
          {"product_id", "DATA_ANALYSIS_V1"},
          {"customer_id", "customer_001"},
          {"idempotency_key", key},
          {"amount", 5000},
          {"currency", "USD"},
          {"input", {{"csv", csv}}}};
}

Json sandbox_order(const std::string& key, const std::string& behaviour) {
  Json order = license_order(key);
  order["metadata"] = {{"sandbox", behaviour}};
  return order;
}

std::vector<std::string> types(const Json& order) {
  std::vector<std::string> all;
  for (const Json& event : order.at("history")) all.push_back(event.at("type"));
  return all;
}

}  // namespace circuit::integration
