#include "workers/fulfillment/keeper.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <poll.h>
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
#include <cstdio>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <system_error>

#include "broker/daemon/signals.hpp"

namespace circuit::fulfillment {
namespace {

// Threads count too. The kernel does not hold root to it: there only the worker's look (footprint.hpp) and the unit's
// TasksMax bound a program that forks without end.
constexpr rlim_t tasks_max = 1024;

// The clone(2) of the kernel, because fork(3) would take the locks of the allocator: nobody here allocates.
pid_t clone_process(unsigned long flags) {
  return static_cast<pid_t>(::syscall(SYS_clone, flags | SIGCHLD, nullptr, nullptr, nullptr, 0));
}

// The user as whom the worker runs, in a user namespace of the keeper's.
struct IdMaps {
  char user[32];
  char group[32];
};

bool write_text(const char* path, const char* text) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const std::size_t length = std::strlen(text);
  const bool written = ::write(file, text, length) == static_cast<ssize_t>(length);
  ::close(file);
  return written;
}

bool map_ids(const IdMaps& maps) {
  return write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/uid_map", maps.user) &&
         write_text("/proc/self/gid_map", maps.group);
}

void close_all_but(std::array<int, 5> kept) {
  std::sort(kept.begin(), kept.end());
  unsigned next = 3;
  for (const int descriptor : kept) {
    if (descriptor < 0) continue;
    const auto number = static_cast<unsigned>(descriptor);
    if (number > next) (void)::close_range(next, number - 1, 0);
    next = number + 1;
  }
  (void)::close_range(next, std::numeric_limits<unsigned>::max(), 0);
}

// --- the program ---

bool limit_resources(const Launch& launch, rlim_t all_tasks_max) {
  const rlimit no_core{0, 0};
  const rlimit file_size{launch.file_bytes_max, launch.file_bytes_max};
  const rlimit tasks{all_tasks_max, all_tasks_max};
  return ::setrlimit(RLIMIT_CORE, &no_core) == 0 && ::setrlimit(RLIMIT_FSIZE, &file_size) == 0 &&
         ::setrlimit(RLIMIT_NPROC, &tasks) == 0;
}

bool prepare(const Launch& launch, rlim_t all_tasks_max) {
  // A keeper that dies leaves no program behind.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
  daemon::restore_signals();
  sigset_t none;
  sigemptyset(&none);
  if (::sigprocmask(SIG_SETMASK, &none, nullptr) != 0 || ::setsid() < 0) return false;
  ::umask(077);
  return limit_resources(launch, all_tasks_max) && ::dup2(launch.input, 0) == 0 && ::dup2(launch.output, 1) == 1 &&
         ::dup2(launch.output, 2) == 2 && ::chdir(launch.directory) == 0 &&
         ::close_range(3, std::numeric_limits<unsigned>::max(), CLOSE_RANGE_CLOEXEC) == 0 &&
         (!launch.confinement || launch.confinement->enter());
}

[[noreturn]] void fail_start(const Launch& launch, int reason) {
  (void)!::write(launch.start_report, &reason, sizeof reason);
  ::_exit(127);
}

[[noreturn]] void become_program(const Launch& launch, rlim_t all_tasks_max) {
  if (prepare(launch, all_tasks_max)) ::execve(launch.arguments[0], launch.arguments.data(), launch.environment.data());
  fail_start(launch, errno);
}

// --- the keeper ---

sigset_t keeper_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGTERM);
  return set;
}

// Waits for the program, and for any other child on the way.
int wait_for(pid_t program) {
  const sigset_t set = keeper_signals();
  for (;;) {
    int status = 0;
    for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;)
      if (ended == program) return status;
    siginfo_t signal{};
    if (::sigwaitinfo(&set, &signal) == SIGTERM) ::kill(-program, SIGTERM);
  }
}

[[noreturn]] void keep(const Launch& launch, const IdMaps* maps, bool own_pids, rlim_t all_tasks_max) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail_start(launch, errno);
  close_all_but({launch.input, launch.output, launch.start_report, launch.end_report,
                 launch.confinement ? launch.confinement->descriptor() : -1});
  // The worker may have died before the call: then nobody has the pipe's other end.
  pollfd worker{launch.end_report, 0, 0};
  if (::poll(&worker, 1, 0) < 0 || (worker.revents & POLLERR) != 0) ::_exit(1);
  sigset_t all;
  sigfillset(&all);
  if (::sigprocmask(SIG_SETMASK, &all, nullptr) != 0 || ::setsid() < 0 || (maps && !map_ids(*maps)) ||
      (!own_pids && ::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0))
    fail_start(launch, errno);

  const pid_t program = clone_process(0);
  if (program < 0) fail_start(launch, errno);
  if (program == 0) become_program(launch, all_tasks_max);
  ::close(launch.start_report);
  ::close(launch.output);
  ::close(launch.input);
  const int status = wait_for(program);
  if (own_pids) ::kill(-1, SIGKILL);
  (void)!::write(launch.end_report, &status, sizeof status);
  // What is left has been killed, or is being killed by the worker.
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) continue;
  ::_exit(0);
}

// Of the whole system, as the second number of "0.00 0.01 0.05 1/234 5678".
rlim_t all_tasks() {
  std::ifstream file("/proc/loadavg");
  std::string load;
  char slash = 0;
  rlim_t running = 0, all = 0;
  for (int i = 0; i < 3; ++i) file >> load;
  return file >> running >> slash >> all ? all : 0;
}

}  // namespace

Keeper start_keeper(const Launch& launch) {
  IdMaps maps{};
  std::snprintf(maps.user, sizeof maps.user, "%u %u 1", ::geteuid(), ::geteuid());
  std::snprintf(maps.group, sizeof maps.group, "%u %u 1", ::getegid(), ::getegid());
  // The limit counts all tasks of the user, but in a user namespace of its own only those.
  const rlim_t other_tasks = all_tasks();
  // Root needs no user namespace for a PID namespace; others get one by it. Where neither is allowed: without.
  constexpr unsigned long pids = CLONE_NEWPID;
  constexpr unsigned long users = CLONE_NEWUSER;
  pid_t child = -1;
  if (launch.own_pids) {
    child = clone_process(pids);
    if (child == 0) keep(launch, nullptr, true, other_tasks + tasks_max);
    if (child < 0) {
      child = clone_process(pids | users);
      if (child == 0) keep(launch, &maps, true, tasks_max);
    }
  }
  if (child > 0) return {child, true};
  child = clone_process(0);
  if (child == 0) keep(launch, nullptr, false, other_tasks + tasks_max);
  if (child < 0) throw std::system_error(errno, std::generic_category(), "cannot make a process");
  return {child, false};
}

}  // namespace circuit::fulfillment
