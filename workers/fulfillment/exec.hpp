// The product that a program of the operator makes. It gets the order as JSON on stdin, the input as files, and an
// empty working directory; the files that it leaves there are the deliverable. How it ends decides:
//   0               delivered: plain files with safe names, at least one, no more bytes than output_bytes_max
//   1..74, 76..125  it will never work; the first line of failure.txt, if there is one, is what the customer reads
//   75              it did not work now (EX_TEMPFAIL of sysexits.h)
//   else, a signal, the time-out, or no start: the same as 75
// It is confined to what it needs (confinement.hpp), and so is all that it leaves behind. Beside the output it has a
// directory for temporary files (TMPDIR), which counts for output_bytes_max while it runs.
// What it prints goes to log/exec/<run>.log below the data directory, up to log_bytes_max.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "broker/config/settings.hpp"
#include "workers/fulfillment/command.hpp"
#include "workers/fulfillment/handler.hpp"

namespace circuit::fulfillment {

inline constexpr std::size_t log_bytes_max = 64 * 1024;

class ExecHandler final : public FulfillmentHandler {
 public:
  // `data` is the data directory. A command without '/' is looked up in the PATH that it will run with.
  ExecHandler(config::ExecOptions options, std::filesystem::path data);
  [[nodiscard]] HandlerResult run(const Request& request) override;

 private:
  [[nodiscard]] Ended execute(const Request& request) const;
  [[nodiscard]] HandlerResult verdict(const Request& request, const Ended& ended) const;
  [[nodiscard]] HandlerResult exit_verdict(const Request& request, int code) const;

  config::ExecOptions options_;
  std::filesystem::path data_;
  std::filesystem::path logs_;
  std::vector<std::filesystem::path> readable_;  // its own places, and what the config adds
};

}  // namespace circuit::fulfillment
