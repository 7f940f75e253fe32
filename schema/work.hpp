// What the broker and its workers say to each other on the work socket. Each message is two frames: its kind, one byte,
// and a MessagePack array of items. Internal: both ends come from one build; `hello` carries the protocol's number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "schema/event.hpp"
#include "schema/names.hpp"
#include "schema/rows.hpp"
#include "schema/uuid.hpp"

namespace circuit::schema {

inline constexpr std::uint32_t work_protocol = 1;

enum class WorkMessage : char {
  hello = 'h',      // worker: role, name, credit
  heartbeat = 'b',  // both ways: I am here
  jobs = 'j',       // broker: leased jobs
  outcomes = 'o',   // worker: what became of jobs; each returns one credit
  refused = 'r',    // broker: outcomes that changed nothing
  unknown = 'u',    // broker: say hello first
  goodbye = 'g',    // worker: drains and gives its leases back
};

struct Hello {
  std::uint32_t protocol = work_protocol;
  Role role = Role::payment;
  std::string name;
  std::uint32_t credit = 0;  // jobs at a time
  static constexpr auto members = std::tuple{&Hello::protocol, &Hello::role, &Hello::name, &Hello::credit};
};

// Only the current lease may move its order. Counted from 1 within one start of the broker.
struct Lease {
  std::uint64_t start = 0;
  std::uint64_t number = 0;
  bool operator==(const Lease&) const = default;
  static constexpr auto members = std::tuple{&Lease::start, &Lease::number};
};

// One thing to do for one order. Strings are views into the message.
struct Job {
  Lease lease;
  Uuid order;
  Phase phase = Phase::none;
  std::uint32_t attempt = 0;
  std::uint32_t tries = 0;  // that were made before in this phase
  bool maybe_tried = false;
  std::int64_t created_at = 0;
  std::int64_t amount = 0;
  std::string_view currency;
  std::string_view product_id;
  std::string_view customer_id;
  std::string_view input;     // SHA-256, 32 bytes; empty without one
  std::string_view metadata;  // MessagePack
  static constexpr auto members =
      std::tuple{&Job::lease,       &Job::order,      &Job::phase,   &Job::attempt,  &Job::tries,
                 &Job::maybe_tried, &Job::created_at, &Job::amount,  &Job::currency, &Job::product_id,
                 &Job::customer_id, &Job::input,      &Job::metadata};
};

enum class Decision : std::uint8_t {
  none = 0,
  make = 1,   // make the transition that `event` names
  defer = 2,  // it did not work for now; try again later
  hold = 3,   // a person must look at it
};

// What a worker decided. Strings are views into what it keeps alive, or into the message.
struct Outcome {
  Lease lease;
  Uuid order;
  Decision decision = Decision::none;
  EventType event = EventType::none;
  Reason reason = Reason::none;  // with defer and hold
  bool maybe_tried = false;      // with defer: the effect outside may have happened
  std::int64_t amount = 0;       // what the provider says it captured or gave back
  std::string_view currency;
  std::string_view provider;
  std::string_view reference;  // the provider's id of the charge or refund
  std::string_view failure;    // a word
  std::string_view message;    // a sentence
  std::string_view deliverable;
  std::string_view directory;
  std::vector<DeliveredFile> files;
  static constexpr auto members = std::tuple{
      &Outcome::lease,       &Outcome::order,   &Outcome::decision,    &Outcome::event,     &Outcome::reason,
      &Outcome::maybe_tried, &Outcome::amount,  &Outcome::currency,    &Outcome::provider,  &Outcome::reference,
      &Outcome::failure,     &Outcome::message, &Outcome::deliverable, &Outcome::directory, &Outcome::files};
};

// An outcome that changed nothing: the lease is not current, the table does not list the move, or storage is
// unavailable.
struct Refused {
  Lease lease;
  Uuid order;
  bool again = false;  // the worker may offer the same outcome again
  std::string_view why;
  static constexpr auto members = std::tuple{&Refused::lease, &Refused::order, &Refused::again, &Refused::why};
};

}  // namespace circuit::schema
