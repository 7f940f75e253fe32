#include "ops/backup/manifest.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "broker/daemon/version.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/text.hpp"
#include "schema/time_text.hpp"

namespace circuit::ops {
namespace {

namespace fs = std::filesystem;
using cli::ExitCode;
using cli::Failure;
using nlohmann::ordered_json;

constexpr const char* manifest_name = "manifest.jsonl";
constexpr std::size_t line_bytes_max = 64 * 1024;
constexpr const char* another = "use another backup";

std::string now_text() { return schema::time_text(cli::now_us()); }
std::string mode_text(mode_t mode) { return fmt::format("{:04o}", mode & 07777); }
std::string line_of(const ordered_json& json) { return json.dump(-1, ' ', false) + '\n'; }

std::string summary_line(const BackupSummary& summary) {
  return line_of({{"kind", "summary"},
                  {"ended_at", summary.ended_at},
                  {"last_seq", summary.last_seq},
                  {"audit_last_seq", summary.audit_last_seq},
                  {"files", summary.files},
                  {"bytes", summary.bytes}});
}

// The hash of all lines before it; its own bytes are in no hash, so it must be exactly this.
std::string end_line(schema::Sha256& hash) {
  return line_of({{"kind", "end"}, {"sha256", schema::hex_encode(schema::bytes_of(hash.finish()))}});
}

[[noreturn]] void damaged(const fs::path& path, const std::string& what) {
  throw Failure(ExitCode::no, path.string() + ": this backup is damaged: " + what, another);
}

// Only places below the data directory, whatever the manifest says.
bool is_safe(const fs::path& path) {
  if (path.empty() || path.is_absolute()) return false;
  for (const fs::path& part : path)
    if (part == ".." || part == "." || part.empty()) return false;
  return true;
}

// Gives each line with its newline.
void read_lines(const fs::path& path, const std::function<void(const std::string&)>& on_line) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw Failure(ExitCode::no,
                  path.parent_path().string() + ": there is no complete backup: it has no " + manifest_name,
                  "a backup gets its manifest last; take another one: circuit backup DIR");
  for (std::string line; std::getline(file, line);) {
    if (line.size() > line_bytes_max) damaged(path, "its manifest has a line that is too long");
    if (!file.eof()) line += '\n';
    on_line(line);
  }
}

ordered_json parsed(const fs::path& path, const std::string& line) {
  ordered_json json = ordered_json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("kind")) damaged(path, "its manifest has a line that can't be read");
  return json;
}

BackupEntry entry_of(const fs::path& path, const ordered_json& json) {
  try {
    BackupEntry entry;
    entry.path = json.at("path");
    entry.mode = static_cast<mode_t>(std::stoul(json.at("mode").get<std::string>(), nullptr, 8));
    entry.directory = json.at("kind") == "directory";
    if (!entry.directory) {
      entry.size = json.at("size");
      entry.sha256 = json.at("sha256");
    }
    if (!is_safe(entry.path)) damaged(path, "its manifest names a place outside");
    return entry;
  } catch (const std::exception& error) {
    if (dynamic_cast<const Failure*>(&error)) throw;
    damaged(path, std::string("its manifest has a line that can't be read: ") + error.what());
  }
}

void take_summary(const fs::path& path, const ordered_json& json, BackupSummary& summary) {
  const std::uint64_t files = summary.files;
  const std::uint64_t bytes = summary.bytes;
  try {
    summary.ended_at = json.at("ended_at");
    summary.last_seq = json.at("last_seq");
    summary.audit_last_seq = json.at("audit_last_seq");
    summary.files = json.at("files");
    summary.bytes = json.at("bytes");
  } catch (const std::exception&) {
    damaged(path, "its manifest's summary can't be read");
  }
  if (summary.files != files || summary.bytes != bytes) damaged(path, "its manifest lacks lines");
}

}  // namespace

ManifestWriter::ManifestWriter(const fs::path& backup)
    : backup_(backup),
      file_(daemon::open_file(backup / (std::string(manifest_name) + ".part"), O_WRONLY | O_CREAT | O_EXCL)),
      began_at_(now_text()) {
  write(
      line_of({{"kind", "backup"}, {"format", backup_format}, {"version", daemon::version}, {"began_at", began_at_}}));
}

void ManifestWriter::add(const BackupEntry& entry) {
  ordered_json json = {
      {"kind", entry.directory ? "directory" : "file"}, {"path", entry.path}, {"mode", mode_text(entry.mode)}};
  if (!entry.directory) {
    json["size"] = entry.size;
    json["sha256"] = entry.sha256;
    ++files_;
    bytes_ += entry.size;
  }
  write(line_of(json));
}

void ManifestWriter::write(std::string_view line) {
  hash_.update(line);
  daemon::write_all(file_, line, backup_ / manifest_name);
}

BackupSummary ManifestWriter::finish(std::uint64_t last_seq, std::uint64_t audit_last_seq) {
  const BackupSummary summary{began_at_, now_text(), std::string(daemon::version), last_seq, audit_last_seq,
                              files_,    bytes_};
  const fs::path path = backup_ / manifest_name;
  write(summary_line(summary));
  daemon::write_all(file_, end_line(hash_), path);
  if (::fsync(file_.get()) != 0) daemon::throw_errno(path, "cannot sync");
  if (::rename((path.string() + ".part").c_str(), path.c_str()) != 0) daemon::throw_errno(path, "cannot create");
  daemon::sync_directory(backup_);
  return summary;
}

BackupSummary read_summary(const fs::path& backup) {
  const fs::path path = backup / manifest_name;
  BackupSummary summary;
  schema::Sha256 hash;
  bool begun = false;
  bool summed_up = false;
  bool ended = false;
  read_lines(path, [&](const std::string& line) {
    if (ended) damaged(path, "its manifest goes on behind its end");
    const ordered_json json = parsed(path, line);
    if (!begun) {
      if (json["kind"] != "backup") damaged(path, "its manifest has no beginning");
      if (json.value("format", ordered_json()) != backup_format)
        throw Failure(ExitCode::no,
                      path.string() + ": this backup has format " + json.value("format", ordered_json()).dump() +
                          ", this program reads format " + std::to_string(backup_format),
                      "use the version of Circuit that made it");
      summary.version = json.value("version", "");
      summary.began_at = json.value("began_at", "");
      begun = true;
    } else if (json["kind"] == "summary") {
      take_summary(path, json, summary);
      summed_up = true;
    } else if (json["kind"] == "end") {
      if (!summed_up || line != end_line(hash)) damaged(path, "its manifest is not as it was written");
      ended = true;
      return;
    } else {
      const BackupEntry entry = entry_of(path, json);
      summary.files += !entry.directory;
      summary.bytes += entry.size;
    }
    hash.update(line);
  });
  if (!ended) damaged(path, "its manifest has no end");
  return summary;
}

void read_entries(const fs::path& backup, const std::function<void(const BackupEntry&)>& on_entry) {
  const fs::path path = backup / manifest_name;
  read_lines(path, [&](const std::string& line) {
    const ordered_json json = parsed(path, line);
    if (json["kind"] == "file" || json["kind"] == "directory") on_entry(entry_of(path, json));
  });
}

}  // namespace circuit::ops
