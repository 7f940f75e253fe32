// Bugs that are built in on purpose: a fault run counts only if it catches them. The programs in bin/planted/ have all
// of them, and the environment variable CIRCUIT_PLANTED_BUG chooses the one that is awake. In every other build
// is_planted() is the constant false, and nothing of this is left.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace circuit::daemon {

enum class PlantedBug : std::uint8_t {
  ack_before_commit,        // the broker replies before the batch is on the disk
  publish_before_commit,    // … and publishes its events
  ack_refused_transition,   // the broker says ok to a change that the table does not allow
  lease_never_expires,      // a job stays with a worker that is gone
  idempotency_off,          // the same order sent again is another order
  retry_without_lookup,     // the payment worker charges again without asking what became of the last charge
  no_fencing,               // an outcome counts whichever lease it comes from
  journal_nosync,           // the journal is opened with MDB_NOSYNC
  audit_nosync,             // the auditor does not sync
  audit_gap,                // … and goes on as if all it was about to write had been written
  one_clock,                // lateness is measured with the wall clock
  audit_twice,              // the auditor writes a batch again without looking what of it has arrived
  audit_log_unread,         // the broker starts without comparing the audit log with the journal
  ahead_unnoticed,          // the auditor goes on where its log has more than the stream
  input_not_stored,         // an order is taken although its input could not be stored
  no_floor,                 // new orders are taken however little room there is
  refund_not_queued,        // an order that waits for fulfillment is not queued for its refund
  unbounded_queues,         // what waits for a peer that does not read has no limit
  dead_readers_kept,        // the pages that a dead process was reading are never taken back
  no_replay,                // the auditor does not ask for what it missed
  no_expiry,                // unpaid orders never expire
  upstreams_not_separated,  // any upstream may change any order
  deliverable_not_synced,   // an order is fulfilled with files that are in memory only
};

inline constexpr std::array<std::string_view, 23> planted_bug_names = {"ack_before_commit",
                                                                       "publish_before_commit",
                                                                       "ack_refused_transition",
                                                                       "lease_never_expires",
                                                                       "idempotency_off",
                                                                       "retry_without_lookup",
                                                                       "no_fencing",
                                                                       "journal_nosync",
                                                                       "audit_nosync",
                                                                       "audit_gap",
                                                                       "one_clock",
                                                                       "audit_twice",
                                                                       "audit_log_unread",
                                                                       "ahead_unnoticed",
                                                                       "input_not_stored",
                                                                       "no_floor",
                                                                       "refund_not_queued",
                                                                       "unbounded_queues",
                                                                       "dead_readers_kept",
                                                                       "no_replay",
                                                                       "no_expiry",
                                                                       "upstreams_not_separated",
                                                                       "deliverable_not_synced"};

#ifdef CIRCUIT_PLANTED_BUGS
// A name that is none of the above ends the process.
[[nodiscard]] bool is_planted(PlantedBug bug);
// What publish_before_commit calls: the encoded events of a batch, and where in them each one ends.
inline std::function<void(const std::string& events, const std::vector<std::size_t>& ends)> planted_publish;
#else
[[nodiscard]] constexpr bool is_planted(PlantedBug) { return false; }
#endif

}  // namespace circuit::daemon
