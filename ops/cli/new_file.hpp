// Files that the commands leave for a person: whole or not there, and nobody else's file is lost to them.
#pragma once

#include <filesystem>
#include <string_view>

#include "broker/daemon/files.hpp"

namespace circuit::cli {

// A file that gets its name once all of it is there. Errors are std::system_error.
class NewFile {
 public:
  // Its directory must be there.
  explicit NewFile(const std::filesystem::path& path);
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();  // without finish() nothing is left

  void write(std::string_view bytes);
  // Blocks for the disk. Replaces a file of that name only with `force`; without, such a file is an error.
  void finish(bool force);

 private:
  const std::filesystem::path path_;
  const std::filesystem::path unfinished_;
  daemon::FileDescriptor file_;
};

// Throws Failure (no) when something of that name is there, so that work on it need not begin.
void refuse_existing(const std::filesystem::path& path);

}  // namespace circuit::cli
