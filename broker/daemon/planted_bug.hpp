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
  ack_before_commit,       // the broker replies before the batch is on the disk
  publish_before_commit,   // … and publishes its events
  ack_refused_transition,  // the broker says ok to a change that the table does not allow
  lease_never_expires,     // a job stays with a worker that is gone
  idempotency_off,         // the same order sent again is another order
  retry_without_lookup,    // the payment worker charges again without asking what became of the last charge
  no_fencing,              // an outcome counts whichever lease it comes from
  journal_nosync,          // the journal is opened with MDB_NOSYNC
  audit_nosync,            // the auditor does not sync
  audit_gap,               // … and goes on as if all it was about to write had been written
  one_clock,               // lateness is measured with the wall clock
};

inline constexpr std::array<std::string_view, 11> planted_bug_names = {"ack_before_commit",
                                                                       "publish_before_commit",
                                                                       "ack_refused_transition",
                                                                       "lease_never_expires",
                                                                       "idempotency_off",
                                                                       "retry_without_lookup",
                                                                       "no_fencing",
                                                                       "journal_nosync",
                                                                       "audit_nosync",
                                                                       "audit_gap",
                                                                       "one_clock"};

#ifdef CIRCUIT_PLANTED_BUGS
// A name that is none of the above ends the process.
[[nodiscard]] bool is_planted(PlantedBug bug);
// What publish_before_commit calls: the encoded events of a batch, and where in them each one ends.
inline std::function<void(const std::string& events, const std::vector<std::size_t>& ends)> planted_publish;
#else
[[nodiscard]] constexpr bool is_planted(PlantedBug) { return false; }
#endif

}  // namespace circuit::daemon
