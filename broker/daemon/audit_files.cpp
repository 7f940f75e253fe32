#include "broker/daemon/audit_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "broker/daemon/files.hpp"
#include "schema/audit_line.hpp"

namespace circuit::daemon {
namespace {

namespace fs = std::filesystem;

// A crash may leave a batch's worth of bytes that are no line, and segments that hold nothing else.
constexpr std::array<std::uint64_t, 3> tail_bytes = {128 << 10, 2 << 20, 32 << 20};
constexpr std::size_t torn_segments_max = 16;

class Segment {
 public:
  explicit Segment(const fs::path& path) : path_(path), file_(open_file(path, O_RDONLY)) {
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) throw_errno(path, "cannot be examined");
    size_ = static_cast<std::uint64_t>(status.st_size);
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::string read(std::uint64_t offset, std::uint64_t bytes) const {
    std::string content(std::min(bytes, size_ - offset), '\0');
    std::size_t done = 0;
    while (done < content.size()) {
      const ssize_t got =
          ::pread(file_.get(), content.data() + done, content.size() - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw_errno(path_, "cannot read");
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    content.resize(done);
    return content;
  }

 private:
  fs::path path_;
  FileDescriptor file_;
  std::uint64_t size_ = 0;
};

std::optional<AuditLine> good_line(std::string_view text) {
  const auto frame = schema::parse_audit_line(text);
  if (!frame) return std::nullopt;
  return AuditLine{frame->seq, std::string(text)};
}

// The last good line of the bytes; their first line counts only when they begin with it.
std::optional<AuditLine> last_good_line(std::string_view bytes, bool begins_with_line) {
  for (std::size_t end = bytes.rfind('\n'); end != std::string_view::npos && end != 0;) {
    const std::size_t before = bytes.rfind('\n', end - 1);
    if (before == std::string_view::npos && !begins_with_line) return std::nullopt;
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    if (auto line = good_line(bytes.substr(begin, end - begin))) return line;
    end = before;
  }
  return std::nullopt;
}

std::optional<AuditLine> last_line_of(const Segment& segment) {
  for (const std::uint64_t bytes : tail_bytes) {
    const std::uint64_t offset = segment.size() > bytes ? segment.size() - bytes : 0;
    if (auto line = last_good_line(segment.read(offset, bytes), offset == 0)) return line;
    if (offset == 0) break;
  }
  return std::nullopt;
}

struct PlacedLine {
  AuditLine line;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // behind its newline
};

// The first good line that begins at the offset or behind it, and ends within what a line and its torn neighbours may
// take.
std::optional<PlacedLine> line_from(const Segment& segment, std::uint64_t offset) {
  const std::string bytes = segment.read(offset, tail_bytes[1]);
  std::size_t begin = 0;
  if (offset != 0) begin = bytes.find('\n') == std::string::npos ? bytes.size() : bytes.find('\n') + 1;
  for (std::size_t end; (end = bytes.find('\n', begin)) != std::string::npos; begin = end + 1)
    if (auto line = good_line(std::string_view(bytes).substr(begin, end - begin)))
      return PlacedLine{std::move(*line), offset + begin, offset + end + 1};
  return std::nullopt;
}

// Precondition: the segment's first line agrees.
std::uint64_t agreed_within(const Segment& segment, PlacedLine first,
                            const std::function<bool(const AuditLine&)>& agrees) {
  std::uint64_t agreed = first.line.seq;
  std::uint64_t low = first.end;
  for (std::uint64_t high = segment.size(); low < high;) {
    const std::uint64_t middle = low + (high - low) / 2;
    // One byte before, so that a line that begins exactly here is found too.
    const auto line = line_from(segment, middle - 1);
    if (!line || line->begin >= high || !agrees(line->line)) {
      high = middle;
    } else {
      agreed = line->line.seq;
      low = line->end;
    }
  }
  return agreed;
}

}  // namespace

std::vector<std::uint64_t> audit_segments(const fs::path& directory) {
  std::vector<std::uint64_t> numbers;
  for (const auto& entry : fs::directory_iterator(directory))
    if (const auto number = schema::parse_audit_segment_name(entry.path().filename().native()))
      numbers.push_back(*number);
  std::ranges::sort(numbers);
  return numbers;
}

std::optional<AuditLine> last_audit_line(const fs::path& directory) {
  const std::vector<std::uint64_t> numbers = audit_segments(directory);
  std::size_t looked_at = 0;
  for (auto number = numbers.rbegin(); number != numbers.rend() && looked_at < torn_segments_max; ++number, ++looked_at)
    if (auto line = last_line_of(Segment(directory / schema::audit_segment_name(*number)))) return line;
  return std::nullopt;
}

bool is_line_of(const AuditLine& line, const schema::Event& event) {
  const auto frame = schema::parse_audit_line(line.line);
  schema::Hash32 prev{};
  if (!frame || frame->seq != event.seq || !schema::hex_decode(frame->prev, prev)) return false;
  std::string given;
  schema::append_audit_line(given, event, prev);
  given.pop_back();
  return given == line.line;
}

std::uint64_t agreed_audit_seq(const fs::path& directory, const std::function<bool(const AuditLine&)>& agrees) {
  const std::vector<std::uint64_t> numbers = audit_segments(directory);
  for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
    const Segment segment(directory / schema::audit_segment_name(*number));
    auto first = line_from(segment, 0);
    if (first && agrees(first->line)) return agreed_within(segment, std::move(*first), agrees);
  }
  return 0;
}

}  // namespace circuit::daemon
