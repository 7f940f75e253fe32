// The data directory and its run/, where the sockets are. Their modes are the sockets' only protection.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace circuit::daemon {

// Makes both when they are missing: mode 0700, or with a group (access.group) 0710 for the data directory and 2750 for
// run/, so that its members reach the sockets and cannot list anything else. Of those that exist and belong to us, run/
// gets its mode anew, and the data directory is changed only if the group could not get through. What is another user's
// stays as it is. Throws config::ConfigError for an unknown group or a path too long for a socket, otherwise
// std::system_error.
void make_directories(const std::filesystem::path& data, const std::string& group);

// The id of a user. Throws config::ConfigError, which names the setting, when there is none of that name.
[[nodiscard]] uid_t find_user(const std::string& name, const std::string& setting);

}  // namespace circuit::daemon
