#include "broker/journal/lmdb_copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <string>
#include <thread>

#include "broker/daemon/files.hpp"

namespace circuit::journal {
namespace {

constexpr std::size_t read_bytes = 256 * 1024;
// What is not synced yet holds up other syncs on the same disk, those of commits among them.
constexpr std::size_t unsynced_bytes_max = 32 << 20;

void sync(const daemon::FileDescriptor& file, const std::filesystem::path& path) {
  if (::fdatasync(file.get()) != 0) daemon::throw_errno(path, "cannot sync");
}

// Takes what comes through a pipe into a file, on a thread of its own.
class PipeToFile {
 public:
  PipeToFile(const daemon::FileDescriptor& file, const std::filesystem::path& path, const GoesOn& goes_on)
      : file_(file), path_(path), goes_on_(goes_on) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) daemon::throw_errno(path, "cannot make a pipe");
    reading_ = daemon::FileDescriptor(ends[0]);
    writing_ = daemon::FileDescriptor(ends[1]);
    (void)::fcntl(writing_.get(), F_SETPIPE_SZ, 1 << 20);  // fewer turns between the threads
    thread_ = std::thread([this] { run(); });
  }
  PipeToFile(const PipeToFile&) = delete;
  PipeToFile& operator=(const PipeToFile&) = delete;
  ~PipeToFile() {
    if (thread_.joinable()) end_of_input();
  }
  [[nodiscard]] int input() const { return writing_.get(); }
  // Everything was written. Throws what went wrong on the way to the file.
  void finish() {
    end_of_input();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void end_of_input() {
    writing_.close();
    thread_.join();
  }
  void run() {
    try {
      move_all();
    } catch (...) {
      failure_ = std::current_exception();
    }
    reading_.close();  // whoever writes learns now that nobody reads
  }
  void move_all() {
    std::string buffer(read_bytes, '\0');
    std::size_t unsynced = 0;
    while (goes_on_()) {
      const ssize_t got = ::read(reading_.get(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) daemon::throw_errno(path_, "cannot read the pipe to it");
      if (got == 0) return sync(file_, path_);
      daemon::write_all(file_, std::string_view(buffer).substr(0, static_cast<std::size_t>(got)), path_);
      unsynced += static_cast<std::size_t>(got);
      if (unsynced < unsynced_bytes_max) continue;
      sync(file_, path_);
      unsynced = 0;
    }
    throw CopyEnded();
  }

  const daemon::FileDescriptor& file_;
  const std::filesystem::path& path_;
  const GoesOn& goes_on_;
  daemon::FileDescriptor reading_, writing_;
  std::exception_ptr failure_;
  std::thread thread_;
};

// Returns LMDB's code; the file's own faults are exceptions.
int copy(const Environment& environment, const daemon::FileDescriptor& file, const std::filesystem::path& path,
         const GoesOn& goes_on, unsigned flags) {
  PipeToFile pipe(file, path, goes_on);
  const int code = mdb_env_copyfd2(environment.get(), pipe.input(), flags);
  // The file's fault is the cause, LMDB's only that nobody reads any more.
  pipe.finish();
  return code;
}

}  // namespace

void copy_environment(const Environment& environment, const std::filesystem::path& path, const GoesOn& goes_on) {
  const daemon::FileDescriptor file = daemon::open_file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  try {
    int code = copy(environment, file, path, goes_on, MDB_CP_COMPACT);
    if (code == MDB_INCOMPATIBLE) {
      // LMDB 0.9.24 cannot leave out the free pages once it has lost count of one (lmdb.h, MDB_CP_COMPACT): with them,
      // then.
      if (::ftruncate(file.get(), 0) != 0 || ::lseek(file.get(), 0, SEEK_SET) != 0)
        daemon::throw_errno(path, "cannot begin again");
      code = copy(environment, file, path, goes_on, 0);
    }
    check_lmdb(code, "copying the journal");
    daemon::sync_directory(path.parent_path());
  } catch (...) {
    ::unlink(path.c_str());
    throw;
  }
}

}  // namespace circuit::journal
