// The file of a CURVE secret key: one line, 40 characters of Z85, for its owner's eyes only. The public key is not
// stored: it follows from the secret one.
#pragma once

#include <filesystem>
#include <string>

#include "broker/client/curve.hpp"

namespace circuit::daemon {

// A relative path in the settings is one below the data directory.
[[nodiscard]] std::filesystem::path key_path(const std::filesystem::path& data, const std::string& setting);

// Throws config::ConfigError when there is no such file, it is open to group or others, is no plain file, or holds no
// key; `remedy` says how to get one.
[[nodiscard]] client::CurveKeys load_curve_key(const std::filesystem::path& path, const std::string& remedy);

// Makes the file with a new key, mode 0600, durably. False, and nothing is changed, when something of that name is
// there.
[[nodiscard]] bool create_curve_key(const std::filesystem::path& path);

}  // namespace circuit::daemon
