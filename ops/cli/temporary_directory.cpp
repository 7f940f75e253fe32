#include "ops/cli/temporary_directory.hpp"

#include <stdlib.h>

#include "broker/daemon/files.hpp"

namespace circuit::cli {

std::filesystem::path make_temporary_directory(const std::string& prefix) {
  // A socket's path has 107 bytes, and run/orders-push.sock comes behind the directory.
  constexpr std::size_t parent_bytes_max = 50;
  std::filesystem::path parent = std::filesystem::temp_directory_path();
  if (parent.native().size() > parent_bytes_max) parent = "/tmp";
  std::string name = (parent / (prefix + "XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) daemon::throw_errno(name, "cannot make a temporary directory");
  return name;
}

}  // namespace circuit::cli
