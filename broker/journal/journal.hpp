// The seam (DESIGN §4): the broker's loop knows its storage only through this interface. One virtual call a batch;
// everything in a batch is on the disk, or nothing of it is, when apply() returns or throws.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "schema/crypto.hpp"
#include "schema/event.hpp"
#include "schema/rows.hpp"
#include "schema/totals.hpp"
#include "schema/uuid.hpp"

namespace circuit::journal {

using IdempotencyKey = schema::Hash16;
// Upstreams of this machine share their keys, as customer_id and key; each one on the network has keys of its own, so
// that it can neither see nor take another's. `upstream` is the order's.
[[nodiscard]] IdempotencyKey idempotency_key_of(std::string_view customer_id, std::string_view key,
                                                std::string_view upstream = {});

struct NewOrder {
  IdempotencyKey idempotency_key{};
  std::string_view body;  // an encoded schema::OrderBody
};

// One order's next state. With an event the state's version is one more than expected; without one (scheduling) it is
// the same.
struct Change {
  schema::Uuid order;
  std::uint32_t expected_version = 0;  // 0: the order is new
  schema::OrderState state;            // last_seq is filled in
  std::optional<schema::Event> event;  // seq is filled in; its views must live until apply() returns
  const NewOrder* created = nullptr;   // of a new order
};

enum class Verdict : std::uint8_t {
  ok,
  conflict,  // the order is at another version, or is not there
  replay,    // the idempotency key belongs to another order already
};

struct ChangeOutcome {
  Verdict verdict = Verdict::ok;
  std::uint64_t seq = 0;     // of the event, when there is one; then also the state's last_seq
  schema::Uuid first_order;  // with replay
};

struct Applied {
  std::vector<ChangeOutcome> outcomes;  // one for each change, in their order
  std::string events;                   // the encoded events, contiguous
  std::vector<std::size_t> event_ends;  // where in `events` each of them ends
  [[nodiscard]] std::size_t event_count() const { return event_ends.size(); }
};

struct StoredOrder {
  schema::OrderState state;
  schema::OrderBody body;
};

struct EventRange {
  std::string events;  // encoded, contiguous
  std::uint32_t count = 0;
};

// A whole journal elsewhere.
struct JournalCopy {
  std::uint64_t last_seq = 0;  // of the newest event in it
  std::uint64_t bytes = 0;
};

// Nothing of the batch was stored, and storage may work again later: no space, or an error that a reopened journal
// shows to have come before the commit.
class StorageUnavailable : public std::runtime_error {
  using runtime_error::runtime_error;
};

class Journal {
 public:
  virtual ~Journal() = default;

  // Blocks for the disk; fills in each event's seq. Throws StorageUnavailable; any other exception leaves the outcome
  // unknown and must end the process.
  [[nodiscard]] virtual const Applied& apply(std::vector<Change>& changes) = 0;

  // The rest reads what is committed. Every call is short and copies out.
  [[nodiscard]] virtual std::optional<StoredOrder> order(const schema::Uuid& id) = 0;
  [[nodiscard]] virtual std::vector<std::string> history(const schema::Uuid& id) = 0;  // encoded events, oldest first
  [[nodiscard]] virtual std::optional<schema::Uuid> find(const IdempotencyKey& key) = 0;
  // From any thread. Stops after `events_max` events or about `bytes_max` bytes.
  [[nodiscard]] virtual EventRange read(std::uint64_t from_seq, std::uint32_t events_max, std::size_t bytes_max) = 0;
  // Open orders in the order of their ids, behind `after`, at most `max`; returns how many there were.
  virtual std::uint32_t open_orders(
      const std::optional<schema::Uuid>& after, std::uint32_t max,
      const std::function<void(const schema::Uuid&, const schema::OrderState&)>& visit) = 0;
  // In the order of their ids, behind `after`, at most `max` orders, and as long as `visit` answers true.
  virtual void orders(const std::optional<schema::Uuid>& after, std::uint32_t max,
                      const std::function<bool(const schema::Uuid&, const StoredOrder&)>& visit) = 0;

  [[nodiscard]] virtual const schema::Totals& totals() const = 0;
  [[nodiscard]] virtual schema::Uuid last_order() = 0;  // nil before the first one
  // Counts the broker's starts, durably; the number is above all before it, and `at_least` that much.
  [[nodiscard]] virtual std::uint64_t next_start(std::uint64_t at_least) = 0;
  [[nodiscard]] virtual std::uint64_t free_bytes() = 0;  // that the journal can still grow by
  virtual void maintain() = 0;                           // call about once a second

  // What is committed at one moment, as a journal of its own in the directory, which must be there and hold none. From
  // any thread; takes as long as reading everything takes, and apply() goes on meanwhile. Durable, and looked at, when
  // it returns; on an exception nothing is left of it. A commit in doubt ends it: then ask again.
  [[nodiscard]] virtual JournalCopy copy_to(const std::filesystem::path& directory) = 0;
  // From any thread: a copy under way ends at once with an exception, and so does any later one.
  virtual void end_copies() = 0;
};

}  // namespace circuit::journal
