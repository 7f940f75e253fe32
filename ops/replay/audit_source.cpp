#include "ops/replay/audit_source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "broker/daemon/audit_files.hpp"
#include "broker/daemon/files.hpp"
#include "ops/cli/failure.hpp"
#include "schema/audit_chain.hpp"
#include "schema/audit_event.hpp"

namespace circuit::ops {
namespace {

namespace fs = std::filesystem;
using cli::ExitCode;
using cli::Failure;
using schema::AuditChain;

constexpr std::size_t read_bytes = 1 << 20;

void read_pieces(const fs::path& path, const std::function<void(std::string_view)>& on_piece) {
  const daemon::FileDescriptor file = daemon::open_file(path, O_RDONLY);
  std::string buffer(read_bytes, '\0');
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) daemon::throw_errno(path, "cannot read");
    if (got == 0) return;
    on_piece(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
  }
}

std::uint64_t first_seq_of(const fs::path& path) {
  std::uint64_t seq = 0;
  const daemon::FileDescriptor file = daemon::open_file(path, O_RDONLY);
  std::string head(schema::audit_line_bytes_max + 1, '\0');
  const ssize_t got = ::read(file.get(), head.data(), head.size());
  if (got < 0) daemon::throw_errno(path, "cannot read");
  head.resize(static_cast<std::size_t>(got));
  if (const auto frame = schema::parse_audit_line(std::string_view(head).substr(0, head.find('\n')))) seq = frame->seq;
  return seq;
}

void refuse_fault(const fs::path& directory, const schema::AuditFinding& fault) {
  throw Failure(ExitCode::no,
                directory.string() + ": the audit log has a fault (" + std::string(name_of(fault.problem)) +
                    ") in segment " + schema::audit_segment_name(fault.segment) + ", line " +
                    std::to_string(fault.line) + ": " + fault.text,
                "circuit verify --audit " + directory.string());
}

}  // namespace

AuditRead read_audit_events(const fs::path& directory, std::uint64_t from_seq,
                            const std::function<void(const schema::Event&)>& on_event,
                            const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  std::vector<std::uint64_t> segments = daemon::audit_segments(directory);
  // One without a whole first line says nothing.
  auto first = segments.end();
  while (first != segments.begin()) {
    --first;
    const std::uint64_t seq = first_seq_of(directory / schema::audit_segment_name(*first));
    if (seq != 0 && seq <= from_seq) break;
  }
  std::uint64_t bytes_all = 0;
  for (auto at = first; at != segments.end(); ++at)
    bytes_all += fs::file_size(directory / schema::audit_segment_name(*at));

  AuditRead read;
  schema::AuditEventReader reader;
  const auto on_line = [&](std::uint64_t seq, std::string_view line) {
    if (seq < from_seq) return;
    const auto event = reader.read(line);
    if (!event)
      throw Failure(ExitCode::no, directory.string() + ": the line of seq " + std::to_string(seq) + " tells no event",
                    "circuit verify --audit " + directory.string());
    on_event(*event);
  };
  AuditChain chain(from_seq <= 1 ? AuditChain::Start::genesis : AuditChain::Start::first_line, on_line);
  for (auto at = first; at != segments.end() && !chain.fault(); ++at) {
    chain.begin_segment(*at);
    read_pieces(directory / schema::audit_segment_name(*at), [&](std::string_view piece) {
      chain.feed(piece);
      read.bytes += piece.size();
      if (progress) progress(read.bytes, std::max(read.bytes, bytes_all));
    });
  }
  chain.finish();
  if (chain.fault()) refuse_fault(directory, *chain.fault());
  read.last_seq = chain.last_seq();
  return read;
}

}  // namespace circuit::ops
