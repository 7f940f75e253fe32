#include "workers/fulfillment/analysis/reading/source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace circuit::analysis {
namespace {

[[noreturn]] void throw_errno(const std::filesystem::path& path, const char* what) {
  throw std::system_error(errno, std::generic_category(), path.string() + ": " + what);
}

}  // namespace

const std::optional<Failure>& Source::failure() const {
  static const std::optional<Failure> none;
  return none;
}

std::size_t MemorySource::read(char* to, std::size_t size) {
  const std::size_t count = std::min(size, bytes_.size() - at_);
  if (count > 0) std::memcpy(to, bytes_.data() + at_, count);
  at_ += count;
  return count;
}

FileSource::FileSource(const std::filesystem::path& path)
    : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (file_ < 0) throw_errno(path_, "cannot be opened");
}

FileSource::~FileSource() { ::close(file_); }

std::size_t FileSource::read(char* to, std::size_t size) {
  std::size_t got = 0;
  while (got < size) {
    const ssize_t count = ::read(file_, to + got, size - got);
    if (count == 0) break;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno(path_, "cannot be read");
    got += static_cast<std::size_t>(count);
  }
  return got;
}

void FileSource::rewind() {
  if (::lseek(file_, 0, SEEK_SET) < 0) throw_errno(path_, "cannot be read from the start again");
}

std::size_t FileSource::size_hint() const {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path_, error);
  return error ? 0 : static_cast<std::size_t>(size);
}

}  // namespace circuit::analysis
