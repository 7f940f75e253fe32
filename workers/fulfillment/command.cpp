#include "workers/fulfillment/command.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <limits>
#include <optional>
#include <system_error>

#include "broker/daemon/files.hpp"
#include "broker/daemon/signals.hpp"

namespace circuit::fulfillment {
namespace {

using Clock = std::chrono::steady_clock;
using daemon::FileDescriptor;
using std::chrono::milliseconds;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

// Above 2: the child puts descriptors onto 0 to 2, and must not overwrite one that it still needs.
FileDescriptor above_standard(int descriptor) {
  const FileDescriptor low(descriptor);
  if (!low) fail("cannot make a descriptor for a program");
  FileDescriptor high(::fcntl(descriptor, F_DUPFD_CLOEXEC, 3));
  if (!high) fail("cannot make a descriptor for a program");
  return high;
}

struct Pipe {
  explicit Pipe(int flags) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), flags | O_CLOEXEC) != 0) fail("cannot make a pipe for a program");
    FileDescriptor second(ends[1]);
    read = above_standard(ends[0]);
    write = above_standard(second.release());
  }
  FileDescriptor read;
  FileDescriptor write;
};

// A file in memory: a program that does not read its stdin blocks nobody.
FileDescriptor make_stdin(std::string_view text) {
  FileDescriptor file = above_standard(::memfd_create("stdin", MFD_CLOEXEC));
  daemon::write_all(file, text, "stdin");
  if (::lseek(file.get(), 0, SEEK_SET) != 0) fail("cannot rewind a program's stdin");
  return file;
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// All that the child needs, made before the fork: behind it other threads' locks may be held for ever, so the child
// calls only what is async-signal-safe (signal-safety(7)) or a plain system call.
struct Start {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  const char* directory;
  rlim_t file_bytes_max;
  pid_t parent;
  int input;
  int output;
  int report;  // errno goes here when the program can't be started; closed by a good start
};

bool prepare(const Start& start) {
  // A worker that dies leaves no program behind. It may have died before the call.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
  if (::getppid() != start.parent) ::_exit(1);
  daemon::restore_signals();
  if (::setsid() < 0) return false;
  ::umask(077);
  const rlimit no_core{0, 0};
  const rlimit file_size{start.file_bytes_max, start.file_bytes_max};
  return ::setrlimit(RLIMIT_CORE, &no_core) == 0 && ::setrlimit(RLIMIT_FSIZE, &file_size) == 0 &&
         ::dup2(start.input, 0) == 0 && ::dup2(start.output, 1) == 1 && ::dup2(start.output, 2) == 2 &&
         ::chdir(start.directory) == 0 &&
         ::close_range(3, std::numeric_limits<unsigned>::max(), CLOSE_RANGE_CLOEXEC) == 0;
}

[[noreturn]] void become_program(const Start& start) {
  if (prepare(start)) ::execve(start.arguments[0], start.arguments.data(), start.environment.data());
  const int reason = errno;
  (void)!::write(start.report, &reason, sizeof reason);
  ::_exit(127);
}

// Why the program could not be started, once that is known; 0 when it runs.
int wait_for_start(const FileDescriptor& report) {
  int reason = 0;
  ssize_t got = 0;
  do got = ::read(report.get(), &reason, sizeof reason);
  while (got < 0 && errno == EINTR);
  return got == sizeof reason ? reason : 0;
}

// A group that was started. It is gone when the object is.
class Group {
 public:
  explicit Group(pid_t leader) : leader_(leader) {}
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;
  ~Group() { end(); }

  // The program runs, so it leads its own group.
  void started() { started_ = true; }
  void signal(int number) const { ::kill(started_ ? -leader_ : leader_, number); }

  // Of the leader, which must have ended. Leaves it unreaped, so that the group's number stays ours.
  [[nodiscard]] siginfo_t leader_status() const {
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(leader_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) continue;
    return info;
  }

  // Kills what is left and waits for all of it: nobody writes to the output any more.
  void end() {
    if (ended_) return;
    ended_ = true;
    signal(SIGKILL);
    siginfo_t info{};
    const idtype_t which = started_ ? P_PGID : P_PID;
    while (::waitid(which, static_cast<id_t>(leader_), &info, WEXITED) == 0 || errno == EINTR) continue;
  }

 private:
  pid_t leader_;
  bool started_ = false;
  bool ended_ = false;
};

using OnOutput = std::function<void(std::string_view)>;

// Reads what is there now, at most about what a pipe holds. False at the end.
bool read_output(const FileDescriptor& pipe, const OnOutput& on_output) {
  std::array<char, 16 * 1024> buffer;
  for (int reads = 0; reads < 4; ++reads) {
    const ssize_t got = ::read(pipe.get(), buffer.data(), buffer.size());
    if (got == 0) return false;
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    on_output({buffer.data(), static_cast<std::size_t>(got)});
  }
  return true;
}

int poll_ms(Clock::time_point until) {
  const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

// Until the leader has ended: asked to with SIGTERM when it is time, made to with SIGKILL. Returns why it was asked.
std::optional<Ended::How> watch(const Group& group, const FileDescriptor& leader, const FileDescriptor& output,
                                const Command& command, const OnOutput& on_output) {
  std::optional<Ended::How> asked;
  Clock::time_point until = Clock::now() + command.timeout;
  bool open = true;
  for (;;) {
    std::array<pollfd, 3> wanted = {
        {{leader.get(), POLLIN, 0}, {open ? output.get() : -1, POLLIN, 0}, {asked ? -1 : command.stop_fd, POLLIN, 0}}};
    if (::poll(wanted.data(), wanted.size(), poll_ms(until)) < 0 && errno != EINTR) fail("cannot wait for a program");
    if (wanted[1].revents != 0) open = read_output(output, on_output);
    if (wanted[0].revents != 0) return asked;
    const bool due = Clock::now() >= until;
    if (asked && due) {
      group.signal(SIGKILL);
      until = Clock::time_point::max();  // nothing withstands it
    } else if (!asked && (due || wanted[2].revents != 0)) {
      asked = due ? Ended::How::timed_out : Ended::How::stopped;
      until = Clock::now() + command.grace;
      group.signal(SIGTERM);
    }
  }
}

}  // namespace

Ended run_command(const Command& command, const OnOutput& on_output) {
  const FileDescriptor input = make_stdin(command.input);
  Pipe output(0);
  Pipe report(0);
  // Only our end: the program's must block as a program expects.
  if (::fcntl(output.read.get(), F_SETFL, O_NONBLOCK) != 0) fail("cannot set up a pipe for a program");
  const Start start{pointers_to(command.arguments),
                    pointers_to(command.environment),
                    command.directory.c_str(),
                    static_cast<rlim_t>(command.file_bytes_max),
                    ::getpid(),
                    input.get(),
                    output.write.get(),
                    report.write.get()};
  const pid_t child = ::fork();
  if (child < 0) fail("cannot make a process");
  if (child == 0) become_program(start);

  Group group(child);
  report.write.close();
  output.write.close();
  if (const int reason = wait_for_start(report.read); reason != 0) return {Ended::How::not_started, reason};
  group.started();
  // The wrapper of glibc 2.36 can't be called from C++.
  const FileDescriptor leader(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  if (!leader) fail("cannot watch a program");
  const std::optional<Ended::How> asked = watch(group, leader, output.read, command, on_output);
  const siginfo_t status = group.leader_status();
  group.end();
  (void)read_output(output.read, on_output);
  if (asked) return {*asked, 0};
  return {status.si_code == CLD_EXITED ? Ended::How::exited : Ended::How::signalled, status.si_status};
}

void adopt_orphans() {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) fail("cannot adopt orphans");
}

void reap_orphans() noexcept {
  // The kernel gives orphans to the main thread. Programs are the children of the threads that started them, and
  // __WNOTHREAD leaves them to these.
  while (::waitpid(-1, nullptr, WNOHANG | __WNOTHREAD) > 0) continue;
}

}  // namespace circuit::fulfillment
