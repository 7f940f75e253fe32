#include "workers/auditor/audit_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "broker/config/config_error.hpp"
#include "broker/daemon/planted_bug.hpp"
#include "schema/audit_chain.hpp"
#include "schema/audit_line.hpp"
#include "schema/check.hpp"

namespace circuit::auditor {
namespace {

constexpr std::size_t read_bytes = 1 << 20;

std::filesystem::path make_directory(const std::filesystem::path& directory) {
  const std::filesystem::path path = std::filesystem::absolute(directory).lexically_normal();
  if (::mkdir(path.c_str(), 0700) == 0)
    daemon::sync_directory(path.parent_path());
  else if (errno != EEXIST)
    daemon::throw_errno(path, "cannot make the directory");
  return path;
}

std::vector<std::uint64_t> segments_newest_first(const std::filesystem::path& directory) {
  std::vector<std::uint64_t> numbers;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    if (const auto number = schema::parse_audit_segment_name(entry.path().filename().native()))
      numbers.push_back(*number);
  std::ranges::sort(numbers, std::greater<>());
  return numbers;
}

// Pushes a segment's bytes into the chain, as the disk has them. Returns how many there are.
std::uint64_t read_segment(const std::filesystem::path& path, schema::AuditChain& chain) {
  const daemon::FileDescriptor file = daemon::open_file(path, O_RDONLY);
  // Lines that a killed process wrote may be in memory only; nothing may be built on them before they are on the disk.
  if (::fdatasync(file.get()) != 0) daemon::throw_errno(path, "cannot sync");
  // After a failed sync the kernel may hold pages as clean that the disk never got. Read what is really there.
  (void)::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  std::string buffer(read_bytes, '\0');
  std::uint64_t total = 0;
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) daemon::throw_errno(path, "cannot read");
    if (got == 0) return total;
    const auto size = static_cast<std::size_t>(got);
    chain.feed(std::string_view(buffer).substr(0, size));
    total += size;
  }
}

}  // namespace

AuditLog::AuditLog(const std::filesystem::path& directory, AuditLogOptions options)
    : directory_(make_directory(directory)), options_(options), lock_(directory_) {
  find_end();
  confirmed_ = last_seq_ == 0;
  batch_seq_ = last_seq_;
  batch_hash_ = last_hash_;
  if (daemon::is_planted(daemon::PlantedBug::audit_gap) && last_seq_ != 0) {
    confirmed_ = true;
    ++batch_seq_;
  }
}

// The last good line gives the next seq and the hash to go on from, so the newest segment that has one is all that
// needs reading; the stream then confirms that line. Whether the whole log is sound is the question of `circuit
// verify`.
void AuditLog::find_end() {
  file_.close();
  // A crash may have come between the making of a segment and the sync of its name.
  daemon::sync_directory(directory_);
  segment_ = segment_bytes_ = last_seq_ = 0;
  last_hash_ = last_prev_ = {};
  for (const std::uint64_t number : segments_newest_first(directory_)) {
    schema::AuditChain chain(number == 1 ? schema::AuditChain::Start::genesis : schema::AuditChain::Start::first_line);
    chain.begin_segment(number);
    const std::uint64_t bytes = read_segment(segment_path(number), chain);
    if (segment_ == 0) {
      segment_ = number;
      segment_bytes_ = bytes;
      segment_is_clean_ = chain.segment_is_clean();
    }
    if (chain.events() == 0) continue;
    last_seq_ = chain.last_seq();
    last_hash_ = chain.last_hash();
    last_prev_ = chain.last_prev();
    return;
  }
}

void AuditLog::add(const schema::Event& event) {
  CIRCUIT_CHECK(event.seq == wanted_seq(), "events are added in the order of their seq");
  if (!confirmed_) return confirm(event);
  schema::append_audit_line(batch_, event, batch_hash_);
  batch_seq_ = event.seq;
}

void AuditLog::confirm(const schema::Event& event) {
  std::string line;
  schema::Hash32 hash = last_prev_;
  schema::append_audit_line(line, event, hash);
  if (hash != last_hash_)
    throw config::ConfigError(
        "the audit log in " + directory_.string() + " contradicts the stream: the line of seq " +
        std::to_string(last_seq_) +
        ", its last, is not what the broker's event of that seq gives. Nothing was written. Check "
        "the log with `circuit verify`, and that this broker is the one that it belongs to.");
  confirmed_ = true;
}

void AuditLog::refuse_if_ahead(bool stream_has_ended) const {
  if (confirmed_ || !stream_has_ended || daemon::is_planted(daemon::PlantedBug::ahead_unnoticed)) return;
  throw config::ConfigError(
      "the audit log in " + directory_.string() + " is ahead of the stream: it ends with seq " +
      std::to_string(last_seq_) +
      ", which the broker does not have. Nothing was written. Was the broker's data restored from "
      "a backup, or is this the log of another broker?");
}

void AuditLog::commit() {
  if (batch_.empty()) return;
  if (in_doubt_) recover();
  if (batch_.empty()) return;
  in_doubt_ = true;
  open_segment_for(batch_.size());
  write_batch();
  in_doubt_ = false;
  segment_bytes_ += batch_.size();
  // The hash of the line before the last is not kept: it serves only to confirm the last line at a start.
  last_seq_ = batch_seq_;
  last_hash_ = batch_hash_;
  batch_.clear();
}

// Leaves file_ open on a segment that the batch may be appended to.
void AuditLog::open_segment_for(std::size_t batch_bytes) {
  const bool is_full = segment_bytes_ != 0 && segment_bytes_ + batch_bytes > options_.segment_bytes_max;
  if (segment_ != 0 && segment_is_clean_ && !is_full) {
    if (!file_) file_ = daemon::open_file(segment_path(segment_), O_WRONLY | O_APPEND);
    return;
  }
  file_ = daemon::open_file(segment_path(segment_ + 1), O_WRONLY | O_APPEND | O_CREAT | O_EXCL);
  ++segment_;
  segment_bytes_ = 0;
  segment_is_clean_ = true;
  // The name before the lines: durable lines in a file that a crash takes away would be lost.
  daemon::sync_directory(directory_);
}

void AuditLog::write_batch() {
  const std::filesystem::path path = segment_path(segment_);
  ssize_t written = -1;
  do written = ::write(file_.get(), batch_.data(), batch_.size());
  while (written < 0 && errno == EINTR);
  if (written < 0) daemon::throw_errno(path, "cannot append");
  if (static_cast<std::size_t>(written) != batch_.size())
    throw std::system_error(ENOSPC, std::generic_category(), path.string() + ": a batch was cut short");
  if (daemon::is_planted(daemon::PlantedBug::audit_nosync)) return;
  if (::fdatasync(file_.get()) != 0) daemon::throw_errno(path, "cannot sync");
}

// After a failed write or sync: the batch's lines that are on the disk as a whole count, the others go into a new
// segment.
void AuditLog::recover() {
  const std::uint64_t durable_seq = last_seq_;
  find_end();
  // A new segment even behind whole lines: the file system did not want this one's next bytes.
  if (segment_bytes_ != 0) segment_is_clean_ = false;
  if (last_seq_ < durable_seq || last_seq_ > batch_seq_)
    throw std::runtime_error("the audit log in " + directory_.string() + " ends at seq " + std::to_string(last_seq_) +
                             ", but seq " + std::to_string(durable_seq) + " was durable and seq " +
                             std::to_string(batch_seq_) + " was written last");
  std::size_t arrived = 0;
  for (std::uint64_t seq = durable_seq; seq != last_seq_; ++seq) arrived = batch_.find('\n', arrived) + 1;
  if (daemon::is_planted(daemon::PlantedBug::audit_gap)) arrived = batch_.size();
  if (daemon::is_planted(daemon::PlantedBug::audit_twice)) arrived = 0;
  batch_.erase(0, arrived);
  in_doubt_ = false;
}

std::filesystem::path AuditLog::segment_path(std::uint64_t number) const {
  return directory_ / schema::audit_segment_name(number);
}

}  // namespace circuit::auditor
