// circuit backup.
#include "ops/backup/backup.hpp"

#include <memory>

#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/interrupt.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  JsonOption json;
  std::string directory;
  bool with_keys = false;
};

std::string backup_text(const ops::TakenBackup& taken, const Options& options) {
  const ops::BackupSummary& summary = taken.summary;
  Table table({{""}, {""}});
  table.add({"Backup", options.directory});
  table.add({"Journal up to seq", std::to_string(summary.last_seq)});
  table.add({"Audit log up to seq", taken.has_audit ? std::to_string(summary.audit_last_seq) : "none is kept here"});
  table.add({"Files", std::to_string(summary.files)});
  table.add({"Size", bytes_text(summary.bytes)});
  table.add({"Keys", options.with_keys ? "yes: keep it where nobody else can read it" : "no"});
  return table.text() + (options.with_keys
                             ? ""
                             : "\nWithout its keys a backup can't be used: keep a copy of " +
                                   (data_path(options.data.data) / "keys").string() + " in another place.\n");
}

Json backup_json(const ops::TakenBackup& taken, const Options& options) {
  const ops::BackupSummary& summary = taken.summary;
  return {{"backup", options.directory},  {"began_at", summary.began_at}, {"ended_at", summary.ended_at},
          {"last_seq", summary.last_seq}, {"audit", taken.has_audit},     {"audit_last_seq", summary.audit_last_seq},
          {"files", summary.files},       {"bytes", summary.bytes},       {"keys", options.with_keys}};
}

ExitCode backup(const Options& options) {
  const Interrupt interrupt;  // half a backup is taken away again
  Circuit circuit(options.data.data);
  ops::TakenBackup taken;
  {
    Progress progress("backup");
    taken = ops::take_backup(circuit, options.directory, options.with_keys,
                             [&](const char*, std::uint64_t done, std::uint64_t all) { progress.show(done, all); });
  }
  print(options.json.json ? json_text(backup_json(taken, options)) : backup_text(taken, options));
  return ExitCode::ok;
}

}  // namespace

Action declare_backup(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("DIR", options->directory, "Where the backup goes; new or empty")
      ->required()
      ->option_text("(required)");
  app.add_flag("--with-keys", options->with_keys, "Copy the keys too: whoever has them can make tokens and licences");
  options->data.declare(app);
  options->json.declare(app);
  return [options] { return backup(*options); };
}

}  // namespace circuit::cli
