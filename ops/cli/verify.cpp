// circuit verify: is the audit log whole, and does it say what the broker's events say?
#include <filesystem>
#include <memory>
#include <optional>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/verify/verify.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  std::string audit;
  bool full = false;
};

std::optional<ops::StreamReport> compare(Circuit& circuit, const ops::VerifyReport& report, bool full) {
  if (!report.good() || !circuit.is_up()) return std::nullopt;
  const client::SubscriberOptions stream = circuit.stream(1);
  ops::CompareOptions options;
  options.events_endpoint = stream.events_endpoint;
  options.replay_endpoint = stream.replay_endpoint;
  if (full) options.newest_events = 0;
  return compare_with_stream(circuit.sockets(), report, options);
}

ExitCode verify(const Options& options) {
  Circuit circuit(options.data.data);
  const std::filesystem::path audit = options.audit.empty() ? circuit.data() / "audit" : data_path(options.audit);
  if (!std::filesystem::is_directory(audit))
    throw Failure(ExitCode::no, audit.string() + ": there is no audit log",
                  "has an auditor ever run there? circuit up");
  ops::VerifyReport report;
  {
    Progress progress("reading the audit log");
    report = ops::verify_audit(audit, [&](std::uint64_t done, std::uint64_t all) { progress.show(done, all); });
  }
  const std::optional<ops::StreamReport> stream = compare(circuit, report, options.full);
  if (options.json.json)
    print(json_text(ops::report_json(report, stream ? &*stream : nullptr)));
  else
    print(ops::report_text(report, stream ? &*stream : nullptr) +
          (stream || !report.good() ? "" : "stream: not compared: no broker is up.\n"));
  if (!report.good()) throw Failure(ExitCode::no, "the audit log has a fault", "compare it with a copy or a backup");
  if (!stream || stream->good()) return ExitCode::ok;
  if (stream->outcome == ops::StreamReport::Outcome::no_answer)
    throw Failure(ExitCode::unreachable, "the broker did not answer, so nothing was compared", "circuit status");
  throw Failure(ExitCode::no, "the audit log and the broker's events differ",
                "keep both as they are, and find out who wrote");
}

}  // namespace

Action declare_verify(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_flag("--full", options->full, "Compare every line with the broker's events, not only the newest thousand");
  app.add_option("--audit", options->audit, "The audit log's directory; DIR/audit if not given")->type_name("PATH");
  options->data.declare(app);
  options->json.declare(app);
  return [options] { return verify(*options); };
}

}  // namespace circuit::cli
