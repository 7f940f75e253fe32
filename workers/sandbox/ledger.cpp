#include "workers/sandbox/ledger.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "schema/check.hpp"

namespace circuit::sandbox {
namespace {

constexpr std::size_t read_bytes = 1 << 20;
// More than one commit can have: a message's operations beyond a full batch, and as many slow charges again.
constexpr std::uint64_t commit_bytes_max = 8 << 20;

// Up to `size` bytes from the offset on; fewer only at the end of the file.
std::size_t read_at(const daemon::FileDescriptor& file, char* out, std::size_t size, std::uint64_t offset,
                    const std::filesystem::path& path) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(file.get(), out + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) daemon::throw_errno(path, "read");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

// Whether a new line of a key that stood as `before` says how it stands from then on.
bool replaces(LedgerOp before, LedgerOp op) { return before == LedgerOp::capture && op == LedgerOp::refund; }

}  // namespace

Ledger::Ledger(const std::filesystem::path& directory) : path_(directory / "ledger.jsonl") {
  if (std::filesystem::create_directory(directory)) daemon::sync_directory(directory.parent_path());
  lock_.emplace(directory);
  file_ = daemon::open_file(path_, O_RDWR | O_CREAT | O_APPEND);
  // The new file's name must not be lost in a power cut that its synced content survives.
  daemon::sync_directory(directory);
  read_back();
}

void Ledger::read_back() {
  std::string held;  // bytes of a line whose end was not read yet
  std::string chunk(read_bytes, '\0');
  const off_t end = ::lseek(file_.get(), 0, SEEK_END);
  if (end < 0) daemon::throw_errno(path_, "find the end");
  const auto file_bytes = static_cast<std::uint64_t>(end);
  bool goes_on = true;
  for (std::uint64_t offset = 0; goes_on;) {
    const std::size_t got = read_at(file_, chunk.data(), chunk.size(), offset, path_);
    if (got == 0) break;
    offset += got;
    held.append(chunk, 0, got);
    std::size_t start = 0;
    for (std::size_t newline; goes_on && (newline = held.find('\n', start)) != std::string::npos; start = newline + 1)
      goes_on = take_line(std::string_view(held).substr(start, newline - start), file_bytes);
    held.erase(0, start);
    if (goes_on && held.size() > ledger_line_bytes_max) goes_on = take_line(held, file_bytes);
  }
  cut_bytes_ = file_bytes - committed_;
  if (cut_bytes_ != 0 && ::ftruncate(file_.get(), static_cast<off_t>(committed_)) != 0)
    daemon::throw_errno(path_, "cut off a torn line");
  // Lines of a process that was killed between write and sync are read here, but may not be on the disk yet.
  if (::fdatasync(file_.get()) != 0) daemon::throw_errno(path_, "sync");
}

bool Ledger::take_line(std::string_view text, std::uint64_t file_bytes) {
  const std::optional<LedgerLine> line = parse_ledger_line(text);
  if (!line || line->seq != next_seq_) {
    // Blocks of the newest commit that a power cut kept from the disk read as zeros, and whole lines may stand behind
    // them. Before its sync nobody heard of any of it, and no other commit was written after it.
    if (text.find('\0') != std::string_view::npos && file_bytes - committed_ <= commit_bytes_max) return false;
    throw LedgerDamaged(path_.string() + ": line " + std::to_string(next_seq_) +
                        " is damaged or not the next one; restore the file from a copy, or move it away to begin anew");
  }
  ++next_seq_;
  // Indexed where it stands: what is in the file is committed.
  index_line(*line, committed_);
  committed_ += text.size() + 1;
  return true;
}

void Ledger::index_line(const LedgerLine& line, std::uint64_t offset) {
  const std::uint64_t hash = KeyIndex::hash(line.key);
  const auto slot = index_.find(hash, [&](KeyIndex::Place place) { return line_at(place.offset).key == line.key; });
  if (!slot)
    index_.insert(hash, {offset, line.op});
  else if (replaces(index_.at(*slot).op, line.op))
    index_.set(*slot, {offset, line.op});
}

LedgerLine Ledger::line_at(std::uint64_t offset) const {
  std::array<char, ledger_line_bytes_max> buffer;
  std::string_view text;
  if (offset >= committed_) {
    text = std::string_view(pending_).substr(offset - committed_);
  } else {
    text = {buffer.data(), read_at(file_, buffer.data(), buffer.size(), offset, path_)};
  }
  const std::optional<LedgerLine> line = parse_ledger_line(text.substr(0, text.find('\n')));
  if (!line) throw LedgerDamaged(path_.string() + ": the line at byte " + std::to_string(offset) + " was changed");
  return *line;
}

std::optional<LedgerLine> Ledger::find(const ChargeKey& key) const {
  std::optional<LedgerLine> line;
  const auto is_it = [&](KeyIndex::Place place) {
    line = line_at(place.offset);
    return line->key == key;
  };
  if (!index_.find(KeyIndex::hash(key), is_it)) return std::nullopt;
  return line;
}

LedgerLine Ledger::append(LedgerOp op, const ChargeKey& key, std::int64_t amount, std::string_view currency,
                          std::int64_t ts_us) {
  LedgerLine line{next_seq_, ts_us, op, key, amount, {}};
  CIRCUIT_CHECK(currency.size() == line.currency.size(), "a currency has three letters");
  std::copy(currency.begin(), currency.end(), line.currency.begin());
  const std::uint64_t offset = committed_ + pending_.size();
  write_ledger_line(pending_, line);
  index_line(line, offset);
  ++next_seq_;
  return line;
}

void Ledger::commit() {
  if (pending_.empty()) return;
  daemon::write_all(file_, pending_, path_);
  // Until the disk has the lines, the money is not taken: a power cut would forget captures that a worker was told of.
  if (::fdatasync(file_.get()) != 0) daemon::throw_errno(path_, "sync");
  committed_ += pending_.size();
  pending_.clear();
}

}  // namespace circuit::sandbox
