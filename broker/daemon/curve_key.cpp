#include "broker/daemon/curve_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <cerrno>

#include "broker/config/config_error.hpp"
#include "broker/daemon/files.hpp"

namespace circuit::daemon {
namespace {

constexpr std::size_t file_bytes_max = 64;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw config::ConfigError(path.string() + ": " + why);
}

}  // namespace

std::filesystem::path key_path(const std::filesystem::path& data, const std::string& setting) {
  return data / setting;  // which is the setting alone when it is absolute
}

client::CurveKeys load_curve_key(const std::filesystem::path& path, const std::string& remedy) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) refuse(path, "is not there; " + remedy);
    throw_errno(path, "cannot be examined");
  }
  if (!S_ISREG(status.st_mode)) refuse(path, "is no plain file, so it cannot be a key");
  const FileDescriptor file = open_file(path, O_RDONLY | O_NONBLOCK);
  // Of what was opened, which may be another file by now.
  if (::fstat(file.get(), &status) != 0) throw_errno(path, "cannot be examined");
  if (!S_ISREG(status.st_mode)) refuse(path, "is no plain file, so it cannot be a key");
  if ((status.st_mode & 077) != 0)
    refuse(path,
           "this key is open to other users; take their rights away with chmod 600, and if one may have read it, "
           "replace it");
  if (status.st_size > static_cast<off_t>(file_bytes_max)) refuse(path, "is no CURVE key: it is too long; " + remedy);
  std::string text = read_file(path, file_bytes_max);
  if (text.ends_with('\n')) text.pop_back();
  const auto keys = client::curve_keys_of(text);
  if (!keys) refuse(path, "is no CURVE key, which is one line with 40 characters of Z85; " + remedy);
  return *keys;
}

bool create_curve_key(const std::filesystem::path& path) {
  const std::string secret = client::make_curve_keys().secret_key + '\n';
  return create_file_durably(path, secret, 0600);
}

}  // namespace circuit::daemon
