#include "ops/cli/interrupt.hpp"

#include <atomic>

#include "ops/cli/failure.hpp"

namespace circuit::cli {
namespace {

std::atomic<bool> noted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler writes it");

void note(int) { noted = true; }

}  // namespace

Interrupt::Interrupt() {
  struct sigaction action {};
  action.sa_handler = note;
  // No SA_RESTART: a wait ends early, and who waits looks here.
  sigaction(SIGINT, &action, &old_int_);
  sigaction(SIGTERM, &action, &old_term_);
}

Interrupt::~Interrupt() {
  sigaction(SIGINT, &old_int_, nullptr);
  sigaction(SIGTERM, &old_term_, nullptr);
}

void throw_if_interrupted() {
  if (noted.exchange(false)) throw Failure(ExitCode::interrupted, "interrupted");
}

}  // namespace circuit::cli
