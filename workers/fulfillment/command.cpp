#include "workers/fulfillment/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>

#include "broker/daemon/files.hpp"
#include "workers/fulfillment/keeper.hpp"

namespace circuit::fulfillment {
namespace {

using Clock = std::chrono::steady_clock;
using daemon::FileDescriptor;
using std::chrono::milliseconds;

constexpr milliseconds first_look{20};
// Looking takes at most so small a part of the time.
constexpr int look_share = 20;
// For a keeper that something keeps from ending; nothing should.
constexpr milliseconds keeper_wait_max{10'000};

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

// The errno for which the program could not be started, once that is known; 0 when it runs.
int wait_for_start(const FileDescriptor& report) {
  int reason = 0;
  ssize_t got = 0;
  do got = ::read(report.get(), &reason, sizeof reason);
  while (got < 0 && errno == EINTR);
  return got == sizeof reason ? reason : 0;
}

// The program and all that comes of it. Gone when the object is.
class Tree {
 public:
  explicit Tree(Keeper keeper)
      : keeper_(keeper),
        // The wrapper of glibc 2.36 can't be called from C++.
        ended_(static_cast<int>(::syscall(SYS_pidfd_open, keeper.pid, 0))) {
    if (ended_) return;
    const int reason = errno;
    end();
    errno = reason;
    fail("cannot watch a program");
  }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  ~Tree() { end(); }

  [[nodiscard]] pid_t keeper() const { return keeper_.pid; }
  // Readable once the keeper has ended.
  [[nodiscard]] int ended_fd() const { return ended_.get(); }

  void ask_to_end() const { ::kill(keeper_.pid, SIGTERM); }

  // Kills what is left and waits for it: nobody writes to the output any more.
  void end() {
    if (reaped_) return;
    reaped_ = true;
    const Clock::time_point patience = Clock::now() + keeper_wait_max;
    if (keeper_.own_pids) ::kill(keeper_.pid, SIGKILL);
    while (!keeper_.own_pids && !has_ended(milliseconds(2))) {
      // Those that came up since the last look are found by the next one.
      constexpr std::size_t at_once_max = 10'000;
      for (const pid_t process : descendants(keeper_.pid, at_once_max)) ::kill(process, SIGKILL);
      // Something stopped it; its children come to us, and end_orphans() finds them.
      if (Clock::now() > patience) ::kill(keeper_.pid, SIGKILL);
    }
    while (::waitpid(keeper_.pid, nullptr, 0) < 0 && errno == EINTR) continue;
  }

 private:
  [[nodiscard]] bool has_ended(milliseconds wait) const {
    pollfd item{ended_.get(), POLLIN, 0};
    return ended_ ? ::poll(&item, 1, static_cast<int>(wait.count())) > 0
                  : ::waitpid(keeper_.pid, nullptr, WNOHANG) != 0;
  }

  Keeper keeper_;
  FileDescriptor ended_;
  bool reaped_ = false;
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

// Watches one program until it has ended by itself or has to be ended.
class Watch {
 public:
  Watch(const Command& command, const Tree& tree, const FileDescriptor& output, const FileDescriptor& report,
        const OnOutput& on_output)
      : command_(command), tree_(tree), output_(output), report_(report), on_output_(on_output) {
    // The order's own text is held in memory for it.
    limits_.bytes_max += command.input.size();
  }

  // How it ended, or why it has to be killed now.
  [[nodiscard]] Ended wait() {
    while (!ended_) {
      std::array<pollfd, 4> wanted = {{{report_.get(), POLLIN, 0},
                                       {tree_.ended_fd(), POLLIN, 0},
                                       {open_ ? output_.get() : -1, POLLIN, 0},
                                       {asked_ ? -1 : command_.stop_fd, POLLIN, 0}}};
      if (::poll(wanted.data(), wanted.size(), poll_ms(std::min(until_, next_look_))) < 0 && errno != EINTR)
        fail("cannot wait for a program");
      if (wanted[2].revents != 0) open_ = read_output(output_, on_output_);
      if (wanted[0].revents != 0 || wanted[1].revents != 0)
        read_status();
      else
        look_at_clock(wanted[3].revents != 0);
    }
    return *ended_;
  }

 private:
  void read_status() {
    int status = 0;
    const ssize_t got = ::read(report_.get(), &status, sizeof status);
    if (asked_)
      ended_ = Ended{*asked_, 0};
    else if (got != sizeof status)
      ended_ = Ended{Ended::How::signalled, SIGKILL};  // somebody killed the keeper
    else if (WIFEXITED(status))
      ended_ = Ended{Ended::How::exited, WEXITSTATUS(status)};
    else
      ended_ = Ended{Ended::How::signalled, WTERMSIG(status)};
  }

  void look_at_clock(bool stopped) {
    const Clock::time_point now = Clock::now();
    if (command_.limits.bytes_max != 0 && now >= next_look_) look_at_limits(now);
    if (ended_) return;
    const bool due = now >= until_;
    if (asked_ && due) {
      ended_ = Ended{*asked_, 0};
    } else if (!asked_ && (due || stopped)) {
      asked_ = due ? Ended::How::timed_out : Ended::How::stopped;
      until_ = now + command_.grace;
      tree_.ask_to_end();
    }
  }

  void look_at_limits(Clock::time_point now) {
    if (const auto excess = find_excess(tree_.keeper(), command_.watched, limits_))
      ended_ = Ended{Ended::How::over_limit, 0, *excess};
    const Clock::time_point after = Clock::now();
    next_look_ = after + std::max<Clock::duration>(first_look, look_share * (after - now));
  }

  const Command& command_;
  const Tree& tree_;
  const FileDescriptor& output_;
  const FileDescriptor& report_;
  const OnOutput& on_output_;
  FootprintLimits limits_ = command_.limits;
  Clock::time_point until_ = Clock::now() + command_.timeout;
  Clock::time_point next_look_ = command_.limits.bytes_max != 0 ? Clock::now() + first_look : Clock::time_point::max();
  std::optional<Ended::How> asked_;
  std::optional<Ended> ended_;
  bool open_ = true;
};

}  // namespace

Ended run_command(const Command& command, const OnOutput& on_output) {
  const FileDescriptor input = make_stdin(command.input);
  Pipe output(0);
  Pipe start_report(0);
  Pipe end_report(0);
  // Only our end: the program's must block as a program expects.
  if (::fcntl(output.read.get(), F_SETFL, O_NONBLOCK) != 0) fail("cannot set up a pipe for a program");
  Launch launch;
  launch.arguments = pointers_to(command.arguments);
  launch.environment = pointers_to(command.environment);
  launch.directory = command.directory.c_str();
  launch.file_bytes_max = command.file_bytes_max;
  launch.confinement = command.confinement;
  launch.own_pids = command.own_pids;
  launch.input = input.get();
  launch.output = output.write.get();
  launch.start_report = start_report.write.get();
  launch.end_report = end_report.write.get();
  Tree tree(start_keeper(launch));
  start_report.write.close();
  end_report.write.close();
  output.write.close();
  if (const int reason = wait_for_start(start_report.read); reason != 0) return {Ended::How::not_started, reason};
  const Ended ended = Watch(command, tree, output.read, end_report.read, on_output).wait();
  tree.end();
  (void)read_output(output.read, on_output);
  return ended;
}

void adopt_orphans() {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) fail("cannot adopt orphans");
}

void end_orphans() noexcept {
  // The kernel gives orphans to the main thread. Keepers are the children of the threads that started them, and
  // __WNOTHREAD leaves them to these.
  siginfo_t none{};
  if (::waitid(P_ALL, 0, &none, WEXITED | WNOHANG | WNOWAIT | __WNOTHREAD) != 0) return;  // no child, as always
  try {
    for (const pid_t orphan : children_of_main_thread()) ::kill(orphan, SIGKILL);
  } catch (const std::exception&) {
    // The next turn finds them.
  }
  while (::waitpid(-1, nullptr, WNOHANG | __WNOTHREAD) > 0) continue;
}

}  // namespace circuit::fulfillment
