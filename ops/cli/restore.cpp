// circuit restore: three ways. A backup into an empty data directory; --check, only whether it could; --accept-loss,
// after a restore to a state that is older than the audit log.
#include "ops/backup/restore.hpp"

#include <memory>
#include <optional>

#include "ops/backup/loss.hpp"
#include "ops/cli/circuit.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/interrupt.hpp"
#include "ops/cli/options.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

struct Options {
  DataOption data;
  std::string backup;
  std::string keys_from;
  bool check = false;
  bool accept_loss = false;
};

std::string summary_text(const Options& options, const ops::BackupSummary& summary) {
  Table table({{""}, {""}});
  table.add({"Backup", options.backup});
  table.add({"Taken", summary.began_at + ", by version " + summary.version});
  table.add({"Journal up to seq", std::to_string(summary.last_seq)});
  table.add({"Audit log up to seq", std::to_string(summary.audit_last_seq)});
  table.add({"Files", std::to_string(summary.files)});
  table.add({"Size", bytes_text(summary.bytes)});
  return table.text();
}

void check(const Options& options) {
  Progress progress("checking the backup");
  const ops::BackupSummary summary =
      ops::check_backup(options.backup, [&](std::uint64_t done, std::uint64_t all) { progress.show(done, all); });
  print(summary_text(options, summary) + "\nEvery byte is as it was written.\n");
}

std::string next_text(const ops::Restored& restored, const std::filesystem::path& data) {
  std::string text;
  if (!restored.has_keys)
    text += "\nMISSING: the keys. The broker does not start without them. Put token.key and license.key into\n" +
            (data / "keys").string() + " (the directory with mode 0700, the files with mode 0600).\n";
  if (!restored.has_audit)
    text += "\nThe backup holds no audit log; the auditor begins a new one, or goes on with its own.\n";
  text += "\nThe config file is in no backup. Orders taken after seq " + std::to_string(restored.summary.last_seq) +
          " are not here; the provider may hold their money.\nAn audit log that was kept elsewhere and knows more goes "
          "to " +
          (data / "audit").string() + ": the broker says what to do then.\nNext:\n  " + command_on(data, "up") +
          "\n  " + command_on(data, "verify --full") + "\n  " + command_on(data, "replay") + '\n';
  return text;
}

void restore(const Options& options) {
  const std::filesystem::path data = data_path(options.data.data);
  std::optional<std::filesystem::path> keys;
  if (!options.keys_from.empty()) keys = options.keys_from;
  ops::Restored restored;
  {
    const Interrupt interrupt;  // half of a restored directory is taken away again
    Progress progress("restoring");
    restored = ops::restore_backup(options.backup, data, keys,
                                   [&](std::uint64_t done, std::uint64_t all) { progress.show(done, all); });
  }
  print(summary_text(options, restored.summary) + "\nRestored to " + data.string() + ".\n" + next_text(restored, data));
}

void accept_loss(const Options& options) {
  Circuit circuit(options.data.data);
  const ops::AcceptedLoss loss = ops::accept_loss(circuit, now_us());
  Table table({{""}, {""}});
  table.add({"The old audit log", loss.log.string()});
  table.add({"What only it knows", loss.list.string()});
  table.add({"Journal and log agree up to seq", std::to_string(loss.agreed_seq)});
  table.add({"Events behind that", std::to_string(loss.events)});
  table.add({"Orders that these speak of", std::to_string(loss.orders)});
  table.add({"  unknown to the journal", std::to_string(loss.unknown_orders)});
  table.add({"  with money at the provider", std::to_string(loss.captured_orders)});
  for (const auto& [currency, amount] : loss.captured) table.add({"", money_text(amount, currency)});
  print(table.text() + "\nWork through the list: each line is an order, and says what to do about it.\nNext:\n  " +
        command_on(circuit.data(), "up") + "\nThe auditor begins a new log with seq 1.\n");
}

ExitCode run_restore(const Options& options) {
  if (options.accept_loss == !options.backup.empty() || (options.check && options.accept_loss))
    throw Failure(ExitCode::usage, "give a BACKUP, or --accept-loss", "circuit help restore");
  if (options.accept_loss)
    accept_loss(options);
  else if (options.check)
    check(options);
  else
    restore(options);
  return ExitCode::ok;
}

}  // namespace

Action declare_restore(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("BACKUP", options->backup, "The backup's directory");
  app.add_flag("--check", options->check,
               "Read every file of the backup and compare it with its hash; restore nothing");
  app.add_option("--keys-from", options->keys_from, "Take the keys from here: a directory that holds them, or a keys/")
      ->type_name("PATH");
  app.add_flag("--accept-loss", options->accept_loss,
               "The audit log knows more than the restored journal: put it aside, and list what was lost");
  options->data.declare(app);
  return [options] { return run_restore(*options); };
}

}  // namespace circuit::cli
