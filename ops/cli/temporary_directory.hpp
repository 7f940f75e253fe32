// A new directory of ours below $TMPDIR, or /tmp when that is too long for sockets. It is not removed.
#pragma once

#include <filesystem>
#include <string>

namespace circuit::cli {

[[nodiscard]] std::filesystem::path make_temporary_directory(const std::string& prefix);

}  // namespace circuit::cli
