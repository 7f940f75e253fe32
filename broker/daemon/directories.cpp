#include "broker/daemon/directories.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <vector>

#include "broker/client/endpoints.hpp"
#include "broker/config/config_error.hpp"
#include "broker/daemon/files.hpp"

namespace circuit::daemon {
namespace {

gid_t find_group(const std::string& name) {
  struct group entry {};
  struct group* found = nullptr;
  std::vector<char> memory(1 << 10);
  int error = 0;
  while ((error = ::getgrnam_r(name.c_str(), &entry, memory.data(), memory.size(), &found)) == ERANGE)
    memory.resize(memory.size() * 2);
  if (error != 0) throw std::system_error(error, std::generic_category(), "cannot look up the group " + name);
  if (!found) throw config::ConfigError("access.group: there is no group \"" + name + '"');
  return entry.gr_gid;
}

// The sockets' paths are used as they are, so a relative data directory counts as it was given.
void check_socket_paths(const std::filesystem::path& data) {
  using client::control_endpoint, client::events_endpoint, client::orders_endpoint, client::orders_push_endpoint,
      client::relay_endpoint, client::replay_endpoint, client::sandbox_endpoint, client::work_endpoint;
  constexpr std::string_view scheme = "ipc://";
  constexpr std::size_t bytes_max = sizeof(sockaddr_un::sun_path) - 1;
  for (const auto endpoint : {orders_endpoint, orders_push_endpoint, work_endpoint, control_endpoint, events_endpoint,
                              relay_endpoint, replay_endpoint, sandbox_endpoint}) {
    const std::string path = endpoint(data).substr(scheme.size());
    if (path.size() <= bytes_max) continue;
    throw config::ConfigError(data.string() + ": too long for a data directory: the socket " + path + " has " +
                              std::to_string(path.size()) + " bytes and the system takes " + std::to_string(bytes_max) +
                              "; give a shorter --data, such as a symbolic link to it or a relative path");
  }
}

void set_mode(const std::filesystem::path& directory, mode_t mode, const std::optional<gid_t>& group) {
  // The group first: changing it clears the set-group-ID bit.
  if (group && ::chown(directory.c_str(), static_cast<uid_t>(-1), *group) != 0) {
    if (errno == EPERM)
      throw config::ConfigError(directory.string() +
                                ": cannot be given to access.group; the daemons' user must be a member");
    throw_errno(directory, "cannot set its group");
  }
  if (::chmod(directory.c_str(), mode) != 0) throw_errno(directory, "cannot set its mode");
}

struct stat status_of(const std::filesystem::path& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) throw_errno(directory, "cannot be examined");
  if (!S_ISDIR(status.st_mode)) throw config::ConfigError(directory.string() + ": is no directory");
  return status;
}

// Whether it made the directory.
bool make(const std::filesystem::path& directory) {
  if (::mkdir(directory.c_str(), 0700) == 0) return true;
  if (errno != EEXIST) throw_errno(directory, "cannot make this directory");
  return false;
}

}  // namespace

uid_t find_user(const std::string& name, const std::string& setting) {
  struct passwd entry {};
  struct passwd* found = nullptr;
  std::vector<char> memory(1 << 10);
  int error = 0;
  while ((error = ::getpwnam_r(name.c_str(), &entry, memory.data(), memory.size(), &found)) == ERANGE)
    memory.resize(memory.size() * 2);
  if (error != 0) throw std::system_error(error, std::generic_category(), "cannot look up the user " + name);
  if (!found) throw config::ConfigError(setting + ": there is no user \"" + name + '"');
  return entry.pw_uid;
}

void make_directories(const std::filesystem::path& data, const std::string& group) {
  check_socket_paths(data);
  std::optional<gid_t> gid;
  if (!group.empty()) gid = find_group(group);

  if (data.has_parent_path()) std::filesystem::create_directories(data.parent_path());
  const bool made = make(data);
  // A power cut must not take the directory with all that was acknowledged in it. A parent that we may only pass
  // through is the operator's to sync.
  const std::filesystem::path parent = data.has_parent_path() ? data.parent_path() : ".";
  if (made && ::access(parent.c_str(), R_OK) == 0) sync_directory(parent);
  const struct stat status = status_of(data);
  // An existing data directory may have been opened further by its owner, for a backup; that stays.
  const bool closed_to_group = gid && (status.st_gid != *gid || (status.st_mode & S_IXGRP) == 0);
  if (status.st_uid == ::geteuid() && (made || closed_to_group))
    set_mode(data, gid ? (status.st_mode & 07707) | S_IXGRP : 0700, gid);

  const std::filesystem::path run = data / "run";
  (void)make(run);
  if (status_of(run).st_uid == ::geteuid()) set_mode(run, gid ? 02750 : 0700, gid);
}

}  // namespace circuit::daemon
