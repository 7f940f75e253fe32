// circuit replay: do the events alone give the states and totals that the broker has?
#include <memory>
#include <optional>

#include "ops/backup/manifest.hpp"
#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/follow.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"
#include "ops/cli/totals_text.hpp"
#include "ops/replay/audit_source.hpp"
#include "ops/replay/book.hpp"
#include "ops/replay/compare.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  std::string backup;
  std::string audit;
};

struct Report {
  ops::Book book;
  std::optional<ops::Comparison> comparison;  // nothing: no broker was asked
  std::uint64_t audit_last_seq = 0;           // events up to here came from a log
  std::int64_t read_us = 0;                   // how long the reading took
  [[nodiscard]] bool good() const {
    return book.fault_count() == 0 && (!comparison || comparison->difference_count == 0);
  }
};

void read_log(Report& report, const std::filesystem::path& audit) {
  if (!std::filesystem::is_directory(audit)) throw Failure(ExitCode::no, audit.string() + ": there is no audit log");
  const std::int64_t began = now_us();
  Progress progress("reading the audit log");
  report.audit_last_seq = ops::read_audit_events(
                              audit, 1, [&](const schema::Event& event) { report.book.add(event); },
                              [&](std::uint64_t done, std::uint64_t all) { progress.show(done, all); })
                              .last_seq;
  report.read_us += now_us() - began;
}

void read_stream_and_compare(Report& report, Circuit& circuit) {
  circuit.require_up();
  client::SubscriberOptions stream = circuit.stream(report.book.last_seq() + 1);
  stream.replay_events_max = 20'000;
  client::Subscriber subscriber(circuit.sockets(), std::move(stream));
  Progress progress("replay");
  const auto show = [&](const char*, std::uint64_t done, std::uint64_t all) { progress.show(done, all); };
  const std::int64_t began = now_us();
  ops::catch_up(subscriber, report.book, newest_seq(circuit), show);
  report.read_us += now_us() - began;
  report.comparison = ops::compare_with_broker(circuit, subscriber, report.book, show);
}

std::string report_text(const Report& report) {
  std::string text = totals_text(ops::totals_json(report.book.totals())) + "\nRebuilt " +
                     std::to_string(report.book.orders().size()) + " orders from " +
                     std::to_string(report.book.last_seq()) + " events in " + duration_text(report.read_us);
  if (report.audit_last_seq != 0)
    text += ", those up to seq " + std::to_string(report.audit_last_seq) + " from the audit log";
  text += ".\n";
  for (const ops::ReplayFault& fault : report.book.faults()) text += "FAULT: " + fault.text + '\n';
  if (report.book.fault_count() > report.book.faults().size())
    text += "… and " + std::to_string(report.book.fault_count() - report.book.faults().size()) + " more faults\n";
  if (report.book.fault_count() == 0) text += "Every move stands in the table of transitions.\n";
  if (!report.comparison) return text + "Not compared with a broker.\n";
  const ops::Comparison& comparison = *report.comparison;
  for (const std::string& difference : comparison.differences) text += "DIFFERS: " + difference + '\n';
  if (comparison.difference_count > comparison.differences.size())
    text += "… and " + std::to_string(comparison.difference_count - comparison.differences.size()) + " more\n";
  return text + "Compared with the broker: " + std::to_string(comparison.orders) + " orders, and the totals at seq " +
         std::to_string(comparison.last_seq) + ": " +
         (comparison.difference_count == 0 ? "they agree.\n"
                                           : std::to_string(comparison.difference_count) + " differences.\n");
}

Json report_json(const Report& report) {
  Json faults = Json::array();
  for (const ops::ReplayFault& fault : report.book.faults())
    faults.push_back({{"seq", fault.seq}, {"text", fault.text}});
  Json json = {{"good", report.good()},
               {"orders", report.book.orders().size()},
               {"last_seq", report.book.last_seq()},
               {"audit_last_seq", report.audit_last_seq},
               {"totals", ops::totals_json(report.book.totals())},
               {"fault_count", report.book.fault_count()},
               {"faults", std::move(faults)},
               {"comparison", nullptr}};
  if (report.comparison)
    json["comparison"] = {{"orders", report.comparison->orders},
                          {"last_seq", report.comparison->last_seq},
                          {"difference_count", report.comparison->difference_count},
                          {"differences", report.comparison->differences}};
  return json;
}

ExitCode replay(const Options& options) {
  if (!options.backup.empty() && !options.audit.empty())
    throw Failure(ExitCode::usage, "give --backup or --audit, not both", "circuit help replay");
  Circuit circuit(options.data.data);
  Report report;
  if (!options.backup.empty()) {
    const ops::BackupSummary summary = ops::read_summary(options.backup);
    read_log(report, std::filesystem::path(options.backup) / "audit");
    if (report.audit_last_seq != summary.audit_last_seq)
      throw Failure(ExitCode::no,
                    options.backup + ": its audit log ends with seq " + std::to_string(report.audit_last_seq) +
                        ", its manifest says " + std::to_string(summary.audit_last_seq),
                    "circuit restore --check " + options.backup);
  } else {
    if (!options.audit.empty()) read_log(report, options.audit);
    // A log can be read without any broker; the broker's own events can't.
    if (options.audit.empty() || circuit.is_up()) read_stream_and_compare(report, circuit);
  }
  print(options.json.json ? json_text(report_json(report)) : report_text(report));
  if (report.good()) return ExitCode::ok;
  throw Failure(ExitCode::no, "the events do not give what they should", "keep all as it is; circuit verify --full");
}

}  // namespace

Action declare_replay(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--backup", options->backup, "Read the events from a backup's audit log, and ask no broker")
      ->type_name("PATH");
  app.add_option("--audit", options->audit, "Read the events from this audit log, and what it lacks from the broker")
      ->type_name("PATH");
  options->data.declare(app);
  options->json.declare(app);
  return [options] { return replay(*options); };
}

}  // namespace circuit::cli
