#include "ops/cli/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "ops/cli/failure.hpp"

namespace circuit::cli {

namespace fs = std::filesystem;

NewFile::NewFile(const fs::path& path)
    : path_(path),
      unfinished_(path.parent_path() / ('.' + path.filename().string() + ".part")),
      file_(daemon::open_file(unfinished_, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0644)) {}

NewFile::~NewFile() { ::unlink(unfinished_.c_str()); }

void NewFile::write(std::string_view bytes) { daemon::write_all(file_, bytes, unfinished_); }

void NewFile::finish(bool force) {
  if (::fsync(file_.get()) != 0) daemon::throw_errno(path_, "cannot sync");
  // A link, unlike a rename, never replaces a file.
  const int result = force ? ::rename(unfinished_.c_str(), path_.c_str()) : ::link(unfinished_.c_str(), path_.c_str());
  if (result != 0) daemon::throw_errno(path_, "cannot create");
}

void refuse_existing(const fs::path& path) {
  if (fs::exists(fs::symlink_status(path)))
    throw Failure(ExitCode::no, path.string() + ": is there already", "give another --out, or --force to replace it");
}

}  // namespace circuit::cli
