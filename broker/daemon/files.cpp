#include "broker/daemon/files.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "broker/config/config_error.hpp"

namespace circuit::daemon {
namespace {

// Repeats a call of the system that a signal interrupted.
template <class Call>
auto uninterrupted(const Call& call) {
  decltype(call()) result;
  do result = call();
  while (result == -1 && errno == EINTR);
  return result;
}

std::filesystem::path directory_of(const std::filesystem::path& path) {
  const std::filesystem::path parent = path.parent_path();
  return parent.empty() ? "." : parent;
}

// A synced file beside its later place, removed unless it was renamed.
class TemporaryFile {
 public:
  TemporaryFile(const std::filesystem::path& path, std::string_view content, mode_t mode)
      : name_(path.string() + ".tmp-XXXXXX") {
    FileDescriptor file(::mkostemp(name_.data(), O_CLOEXEC));
    if (!file) throw_errno(path, "cannot make a temporary file beside it");
    try {
      if (::fchmod(file.get(), mode) != 0) throw_errno(path, "cannot set its mode");
      write_all(file, content, path);
      // The name must not become visible before the content is safe: a crash would leave an empty file in its place.
      if (uninterrupted([&] { return ::fdatasync(file.get()); }) != 0) throw_errno(path, "cannot sync");
    } catch (...) {
      ::unlink(name_.c_str());
      throw;
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  [[nodiscard]] const char* name() const { return name_.c_str(); }
  void keep() { name_.clear(); }

 private:
  std::string name_;
};

schema::Key32 random_key() {
  // libsodium's own start; harmless when it was done before.
  if (sodium_init() < 0) throw std::runtime_error("libsodium found no source of randomness");
  schema::Key32 key;
  randombytes_buf(key.data(), key.size());
  return key;
}

// False when there was a file already.
bool create_key(const std::filesystem::path& path) {
  const schema::Key32 key = random_key();
  return create_file_durably(path, {reinterpret_cast<const char*>(key.data()), key.size()}, 0600);
}

}  // namespace

void FileDescriptor::close() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void throw_errno(const std::filesystem::path& path, std::string_view what) {
  const int number = errno;
  throw std::system_error(number, std::generic_category(), path.string() + ": " + std::string(what));
}

FileDescriptor open_file(const std::filesystem::path& path, int flags, mode_t mode) {
  FileDescriptor file(uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); }));
  if (!file) throw_errno(path, "cannot open");
  return file;
}

void write_all(const FileDescriptor& file, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = uninterrupted([&] { return ::write(file.get(), bytes.data(), bytes.size()); });
    if (written < 0) throw_errno(path, "cannot write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync_directory(const std::filesystem::path& directory) {
  const FileDescriptor opened = open_file(directory, O_RDONLY | O_DIRECTORY);
  if (uninterrupted([&] { return ::fsync(opened.get()); }) != 0) throw_errno(directory, "cannot sync");
}

void write_file_durably(const std::filesystem::path& path, std::string_view content, mode_t mode) {
  TemporaryFile file(path, content, mode);
  if (::rename(file.name(), path.c_str()) != 0) throw_errno(path, "cannot replace");
  file.keep();
  sync_directory(directory_of(path));
}

bool create_file_durably(const std::filesystem::path& path, std::string_view content, mode_t mode) {
  const TemporaryFile file(path, content, mode);
  // A link, unlike a rename, never replaces what another process has just made.
  if (::link(file.name(), path.c_str()) != 0) {
    if (errno == EEXIST) return false;
    throw_errno(path, "cannot create");
  }
  sync_directory(directory_of(path));
  return true;
}

std::string read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const FileDescriptor file = open_file(path, O_RDONLY);
  std::string content;
  for (;;) {
    constexpr std::size_t step_bytes = 64 * 1024;
    const std::size_t size = content.size();
    content.resize(size + step_bytes);
    const ssize_t got = uninterrupted([&] { return ::read(file.get(), content.data() + size, step_bytes); });
    if (got < 0) throw_errno(path, "cannot read");
    content.resize(size + static_cast<std::size_t>(got));
    if (content.size() > bytes_max) {
      errno = EFBIG;
      throw_errno(path, "is longer than " + std::to_string(bytes_max) + " bytes");
    }
    if (got == 0) return content;
  }
}

schema::Key32 load_or_create_key(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) throw_errno(path, "cannot open");
    (void)create_key(path);
  }
  // Also when another process made the file: its maker may not have got to this before a crash.
  sync_directory(directory_of(path));
  const FileDescriptor file = open_file(path, O_RDONLY | O_NONBLOCK);
  if (::fstat(file.get(), &status) != 0) throw_errno(path, "cannot be examined");
  const auto refuse = [&](const std::string& why) { throw config::ConfigError(path.string() + ": " + why); };
  if (!S_ISREG(status.st_mode)) refuse("is no plain file, so it cannot be a key");
  if ((status.st_mode & 077) != 0) refuse("this key is open to other users; take their rights away with chmod 600");
  schema::Key32 key;
  if (static_cast<std::size_t>(status.st_size) != key.size()) {
    refuse("has " + std::to_string(status.st_size) + " bytes, and a key has " + std::to_string(key.size()) +
           "; bring back the right file from a backup");
  }
  const std::string bytes = read_file(path, key.size());
  if (bytes.size() != key.size()) refuse("changes while it is read");
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

}  // namespace circuit::daemon
