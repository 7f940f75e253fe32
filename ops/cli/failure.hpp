// Why a command ends early: what happened, what to do next, and the exit code. Thrown anywhere, printed once (run.cpp).
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "ops/cli/exit_code.hpp"

namespace circuit::cli {

class Failure : public std::runtime_error {
 public:
  // `next` is a sentence or a command to run; empty when there is nothing to advise.
  Failure(ExitCode code, const std::string& what, std::string next = {})
      : std::runtime_error(what), code_(code), next_(std::move(next)) {}

  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& next() const noexcept { return next_; }

 private:
  ExitCode code_;
  std::string next_;
};

}  // namespace circuit::cli
