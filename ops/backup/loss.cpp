#include "ops/backup/loss.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/daemon/audit_files.hpp"
#include "broker/daemon/data_layout.hpp"
#include "broker/daemon/directory_lock.hpp"
#include "broker/daemon/files.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/new_file.hpp"
#include "ops/replay/audit_source.hpp"
#include "schema/order_id.hpp"
#include "schema/time_text.hpp"

namespace circuit::ops {
namespace {

namespace fs = std::filesystem;
using cli::ExitCode;
using cli::Failure;
using nlohmann::ordered_json;
using schema::Event;
using schema::EventType;

struct LostOrder {
  bool known = true;     // the journal has its creation
  bool retried = false;  // with a charge key that the journal does not know
  schema::Status status = schema::Status::none;
  std::string customer_id;
  std::string product_id;  // of one that is not known
  std::string currency;
  std::int64_t ordered = 0;  // minor units, like the rest
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
  std::vector<std::string> charge_ids;
  ordered_json events = ordered_json::array();
};

class LostOrders {
 public:
  void add(const Event& event) {
    const auto [at, is_new] = orders_.try_emplace(event.order);
    LostOrder& order = at->second;
    if (is_new) sequence_.push_back(event.order);
    order.status = event.status;
    order.customer_id = event.data.customer_id;
    if (!event.data.currency.empty()) order.currency = event.data.currency;
    if (event.type == EventType::order_created) {
      order.known = false;
      order.product_id = event.data.product_id;
      order.ordered = event.data.amount;
    }
    order.retried = order.retried || event.type == EventType::payment_retried;
    if (event.type == EventType::payment_confirmed) {
      order.captured += event.data.amount;
      order.charge_ids.emplace_back(event.data.charge_id);
    }
    if (event.type == EventType::order_refunded) order.refunded += event.data.amount;
    order.events.push_back(
        {{"seq", event.seq}, {"ts", schema::time_text(event.ts)}, {"event_type", name_of(event.type)}});
    ++events_;
  }

  void write(cli::NewFile& file) const {
    for (const schema::Uuid& id : sequence_) file.write(line_of(id, orders_.at(id)));
  }

  void sum_up(AcceptedLoss& loss) const {
    loss.events = events_;
    loss.orders = orders_.size();
    for (const auto& [id, order] : orders_) {
      loss.unknown_orders += !order.known;
      if (order.captured <= order.refunded) continue;
      ++loss.captured_orders;
      loss.captured[order.currency] += order.captured - order.refunded;
    }
  }

 private:
  static std::string line_of(const schema::Uuid& id, const LostOrder& order) {
    ordered_json json = {{"order_id", schema::order_id_text(id)},
                         {"known_to_the_journal", order.known},
                         {"customer_id", order.customer_id},
                         {"last_status", name_of(order.status)}};
    if (!order.known) {
      json["product_id"] = order.product_id;
      json["amount"] = order.ordered;
    }
    if (!order.currency.empty()) json["currency"] = order.currency;
    json["captured"] = order.captured;
    json["refunded"] = order.refunded;
    json["charge_ids"] = order.charge_ids;
    json["events"] = order.events;
    json["what_to_do"] = what_to_do(order);
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
  }

  static std::string_view what_to_do(const LostOrder& order) {
    const bool money_is_held = order.captured > order.refunded;
    if (!order.known)
      return money_is_held ? "give the money back at the provider, or deliver by hand: no order here knows of it"
                           : "nothing was paid; the customer may order again";
    if (money_is_held && order.retried)
      return "give the money back at the provider: it was taken in an attempt that the order here does not know of";
    if (money_is_held) return "the broker looks its charge up and finds the money; see that it is delivered";
    if (order.refunded > 0)
      return "the provider gave the money back and the order here does not say so; request its refund again: it is "
             "looked up, and not given twice";
    return "the order is here in an older state, and goes on from there";
  }

  std::unordered_map<schema::Uuid, LostOrder> orders_;
  std::vector<schema::Uuid> sequence_;  // as the log has them
  std::uint64_t events_ = 0;
};

std::optional<daemon::DirectoryLock> locked(const fs::path& directory, const char* next) {
  try {
    return std::optional<daemon::DirectoryLock>(std::in_place, directory);
  } catch (const daemon::LockHeld& error) {
    throw Failure(ExitCode::no, error.what(), next);
  }
}

std::optional<daemon::DirectoryLock> locked_unless_up(const cli::Circuit& circuit) {
  if (circuit.is_up()) return std::nullopt;
  return locked(circuit.data(), "circuit down");
}

std::uint64_t agreed_by_note(const fs::path& data, const std::optional<daemon::AuditLine>& end) {
  const fs::path path = daemon::audit_ahead_path(data);
  if (!fs::exists(path))
    throw Failure(ExitCode::no, data.string() + ": no broker runs, and none has refused its audit log",
                  "start the circuit: the broker compares its journal with the log, and says so if they differ");
  const ordered_json json = ordered_json::parse(daemon::read_file(path, 4096), nullptr, false);
  if (!json.is_object() || !json.contains("agreed_seq") || !json.contains("audit_last_seq"))
    throw Failure(ExitCode::no, path.string() + ": can't be read", "delete it, and start the circuit again");
  if (!end || end->seq != json["audit_last_seq"])
    throw Failure(ExitCode::no, (data / "audit").string() + ": this is not the log that the broker refused",
                  "start the circuit again: the broker compares anew");
  return json["agreed_seq"];
}

bool stream_has(cli::Circuit& circuit, const daemon::AuditLine& line) {
  constexpr std::chrono::milliseconds turn{200};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  client::Subscriber subscriber(circuit.sockets(), circuit.stream(line.seq));
  std::optional<bool> is_same;
  while (!is_same && !subscriber.caught_up()) {
    subscriber.receive(turn, [&](const Event& event) {
      if (event.seq == line.seq) is_same = daemon::is_line_of(line, event);
    });
    if (!is_same && std::chrono::steady_clock::now() > deadline)
      throw Failure(ExitCode::unreachable, "the broker sends no events", "circuit status");
  }
  return is_same.value_or(false);
}

std::uint64_t agreed_by_stream(cli::Circuit& circuit, const fs::path& audit) {
  return daemon::agreed_audit_seq(audit, [&](const daemon::AuditLine& line) { return stream_has(circuit, line); });
}

// An empty directory of the same owner: the auditor's user may not be one who can make it.
void make_successor(const fs::path& audit, const fs::path& old) {
  struct stat status {};
  if (::stat(old.c_str(), &status) != 0) daemon::throw_errno(old, "cannot be examined");
  fs::create_directory(audit);
  if (::geteuid() == 0 && ::chown(audit.c_str(), status.st_uid, status.st_gid) != 0)
    daemon::throw_errno(audit, "cannot give it to the log's owner");
  if (::chmod(audit.c_str(), status.st_mode & 07777) != 0) daemon::throw_errno(audit, "cannot set its mode");
}

// "20260102T030405Z".
std::string stamp_of(std::int64_t now_us) {
  std::string stamp = schema::time_text(now_us).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return stamp + 'Z';
}

}  // namespace

AcceptedLoss accept_loss(cli::Circuit& circuit, std::int64_t now_us) {
  const fs::path& data = circuit.data();
  const fs::path audit = data / "audit";
  if (!fs::is_directory(audit)) throw Failure(ExitCode::no, audit.string() + ": there is no audit log", "circuit up");
  const auto broker_is_down = locked_unless_up(circuit);
  const auto auditor_is_down = locked(audit, "stop the auditor first");
  const auto end = daemon::last_audit_line(audit);
  const std::uint64_t agreed_seq = broker_is_down ? agreed_by_note(data, end) : agreed_by_stream(circuit, audit);
  if (!end || end->seq == agreed_seq)
    throw Failure(ExitCode::no, audit.string() + ": the log and the journal agree, so there is no loss to accept",
                  "start the auditor");
  AcceptedLoss loss;
  loss.agreed_seq = agreed_seq;
  const std::string name = "audit-ahead-" + stamp_of(now_us);
  loss.log = data / name;
  loss.list = data / (name + "-lost.jsonl");
  cli::refuse_existing(loss.log);
  LostOrders lost;
  read_audit_events(audit, agreed_seq + 1, [&](const Event& event) { lost.add(event); });
  lost.sum_up(loss);
  // The list first: a crash between the two leaves the log in its place, and this is done again.
  cli::NewFile list(loss.list);
  lost.write(list);
  list.finish(true);
  fs::rename(audit, loss.log);
  make_successor(audit, loss.log);
  fs::remove(daemon::audit_ahead_path(data));
  daemon::sync_directory(data);
  return loss;
}

}  // namespace circuit::ops
