#include "ops/cli/circuit.hpp"

#include <utility>

#include "broker/client/endpoints.hpp"
#include "ops/cli/failure.hpp"

namespace circuit::cli {
namespace {

// Quoted when a shell would take it apart.
std::string shell_word(const std::string& text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@+";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + '\'';
}

Failure not_up(const std::filesystem::path& data) {
  return {ExitCode::unreachable, "no broker listens in " + data.string(),
          "is the circuit up? run: " + command_on(data, "up")};
}

// `order` is the order that the request was about, if it was about one.
std::string remedy_of(const Json& error, const std::string& order, const std::filesystem::path& data) {
  const std::string code = error.value("code", "");
  if (error.value("field", "") == "token")
    return "the current token, if there is one, stands in: " + command_on(data, "order ORDER_ID");
  if (code == "busy" || code == "unavailable") return "try again later; see: " + command_on(data, "status");
  if (code == "rate_limited") return "try again later";
  if (code == "order_not_found") return "list what there is: " + command_on(data, "orders");
  if (code == "unknown_product") return "the products stand in the config file; without one they are the two samples";
  if (code == "invalid_transition" || code == "refund_window_closed")
    return order.empty() ? "" : "see where the order stands: " + command_on(data, "order " + order);
  if (code == "unauthorized") return "run this as the user of the daemons";
  if (code == "idempotency_conflict") return "give this order a --key of its own";
  return {};
}

}  // namespace

std::string command_on(const std::filesystem::path& data, const std::string& command) {
  const std::string line = "circuit " + command;
  return data_path(data) == "data" ? line : line + " --data " + shell_word(data.string());
}

std::filesystem::path data_path(const std::filesystem::path& given) {
  std::filesystem::path data = given.lexically_normal();
  return data.has_filename() ? data : data.parent_path();
}

std::string refusal_text(const Json& error) {
  std::string text = "refused (" + error.value("code", "internal") + "): " + error.value("message", "no reason given");
  if (const auto wait_ms = error.find("retry_after_ms"); wait_ms != error.end())
    text += "; again in " + wait_ms->dump() + " ms";
  return text;
}

Circuit::Circuit(const std::filesystem::path& data)
    : data_(data_path(data)),
      orders_(sockets_, client::orders_endpoint(data_)),
      control_(sockets_, client::control_endpoint(data_)) {}

Json Circuit::ask_orders(Json request, std::chrono::milliseconds wait) {
  return require(orders_, std::move(request), wait);
}
Json Circuit::ask_control(Json request, std::chrono::milliseconds wait) {
  return require(control_, std::move(request), wait);
}

Json Circuit::require(RequestClient& client, Json request, std::chrono::milliseconds wait) const {
  const bool repeatable = is_repeatable(request.value("type", ""));
  const std::string order = request.value("order_id", "");
  Answer answer = client.ask(std::move(request), wait);
  switch (answer.outcome) {
    case Answer::Outcome::done: return std::move(answer.body);
    case Answer::Outcome::refused:
      throw Failure(ExitCode::no, refusal_text(answer.body), remedy_of(answer.body, order, data_));
    case Answer::Outcome::nobody: throw not_up(data_);
    case Answer::Outcome::no_answer: break;
  }
  throw Failure(ExitCode::unreachable, "no answer at " + client.endpoint() + " in time",
                repeatable ? "see whether the circuit is up: " + command_on(data_, "status")
                           : "whether it was done is unknown; look before you ask again: " +
                                 command_on(data_, order.empty() ? "status" : "order " + order));
}

bool Circuit::is_up() const { return is_listening(orders_.endpoint()); }

void Circuit::require_up() const {
  if (!is_up()) throw not_up(data_);
}

client::SubscriberOptions Circuit::stream(std::uint64_t from_seq) const {
  return {.events_endpoint = client::events_endpoint(data_),
          .replay_endpoint = client::replay_endpoint(data_),
          .from_seq = from_seq};
}

}  // namespace circuit::cli
