// One job from its input to its answer, in a thread. Holds all that it uses: the thread may be left behind when the
// daemon stops.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "broker/daemon/files.hpp"
#include "schema/work.hpp"
#include "workers/fulfillment/deliverables.hpp"
#include "workers/fulfillment/handler.hpp"
#include "workers/fulfillment/scratch.hpp"

namespace circuit::fulfillment {

// Where all runs of one worker happen.
struct Workplace {
  explicit Workplace(const std::filesystem::path& data_directory);
  std::filesystem::path data;
  Scratch scratch;
  daemon::FileDescriptor stop;  // readable once the worker stops
};

// A job with its own copies of the texts.
struct OwnedJob {
  explicit OwnedJob(const schema::Job& job);
  schema::Lease lease;
  schema::Uuid order;
  std::int64_t created_at = 0;
  std::int64_t amount = 0;
  std::string currency;
  std::string product_id;
  std::string customer_id;
  std::string input;
  std::string metadata;
};

// What the broker is told about a job, other than the lease.
struct Answer {
  schema::Decision decision = schema::Decision::defer;
  schema::EventType event = schema::EventType::none;
  std::string failure;
  std::string message;
  std::string directory;  // the name below the order's; empty without files
  std::vector<SealedFile> files;
  std::filesystem::path place;  // of the files; empty without files
};

// Try again later.
[[nodiscard]] inline Answer deferred() { return {}; }

// "<order id>-<start>-<number>": names a run in logs and in the scratch directory.
[[nodiscard]] std::string run_name(const schema::Uuid& order, const schema::Lease& lease);

// Runs the handler with all that it needs. Files of a delivered answer are durable at their place, below
// deliverables/<order id>/<lease>; with any other answer nothing is left. Never throws: what broke is logged, and the
// answer is `deferred`.
[[nodiscard]] Answer answer_job(const OwnedJob& job, FulfillmentHandler& handler, const Workplace& workplace) noexcept;

}  // namespace circuit::fulfillment
