#include "broker/audit_check.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <string>
#include <system_error>

#include "broker/config/config_error.hpp"
#include "broker/daemon/audit_files.hpp"
#include "broker/daemon/data_layout.hpp"
#include "broker/daemon/files.hpp"
#include "broker/daemon/planted_bug.hpp"
#include "schema/packer.hpp"

namespace circuit::broker {
namespace {

namespace fs = std::filesystem;

bool journal_has(journal::Journal& journal, const daemon::AuditLine& line) {
  const journal::EventRange range = journal.read(line.seq, 1, 1 << 20);
  if (range.count == 0) return false;
  schema::Document document;
  if (document.parse(range.events, schema::internal_limits)) throw std::runtime_error("a stored event can't be read");
  const auto event = schema::decode_event(document.root());
  if (!event) throw std::runtime_error("a stored event can't be read");
  return daemon::is_line_of(line, *event);
}

std::optional<daemon::AuditLine> readable_end(const fs::path& audit) {
  try {
    if (!fs::exists(audit)) return std::nullopt;
    return daemon::last_audit_line(audit);
  } catch (const std::system_error& error) {
    spdlog::info("broker: the audit log is not compared with the journal: {}", error.what());
    return std::nullopt;
  }
}

}  // namespace

void refuse_other_audit_log(const fs::path& data, journal::Journal& journal) {
  if (daemon::is_planted(daemon::PlantedBug::audit_log_unread)) return;
  const fs::path audit = data / "audit";
  const fs::path note = daemon::audit_ahead_path(data);
  const auto line = readable_end(audit);
  if (!line || journal_has(journal, *line)) {
    // Left by a start before this one; whatever it said, it is so no longer.
    if (fs::remove(note)) daemon::sync_directory(data);
    return;
  }
  const std::uint64_t last_seq = journal.totals().last_seq;
  const std::uint64_t agreed =
      daemon::agreed_audit_seq(audit, [&](const daemon::AuditLine& each) { return journal_has(journal, each); });
  daemon::write_file_durably(note, fmt::format("{{\"journal_last_seq\":{},\"audit_last_seq\":{},\"agreed_seq\":{}}}\n",
                                               last_seq, line->seq, agreed));
  throw config::ConfigError(fmt::format(
      "the audit log in {} {}: it ends with seq {}, the journal with seq {}, and they agree up to seq {}. Was the "
      "journal restored from a backup? Going on would give seqs to new events that the log has for others. Put the "
      "journal back that this log belongs to; or, if it is lost, accept that: `circuit restore --accept-loss --data "
      "{}` keeps the log aside and lists what only it knows",
      audit.string(), line->seq > last_seq ? "is ahead of the journal" : "contradicts the journal", line->seq, last_seq,
      agreed, data.string()));
}

}  // namespace circuit::broker
