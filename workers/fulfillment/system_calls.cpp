#include "workers/fulfillment/system_calls.hpp"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#ifndef __x86_64__
#error "the numbers of system calls here are those of x86-64"
#endif

namespace circuit::fulfillment {
namespace {

// Newer than the C library's headers.
constexpr int fchmodat2_number = 452;
constexpr int setxattrat_number = 463;
constexpr int removexattrat_number = 466;
constexpr int file_setattr_number = 469;

// CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET.
constexpr std::uint32_t new_namespaces = 0x7E02'0080;

// An answer and when it is given. The low half of an argument is enough for what the kernel takes as an int.
struct Rule {
  int number;
  std::uint32_t answer;
  enum class When : std::uint8_t { always, any_bit, equals } when = When::always;
  int argument = 0;
  std::uint32_t mask = ~std::uint32_t{0};
  std::uint32_t value = 0;
  bool high_half = false;
};

constexpr std::uint32_t refused(int error) { return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error); }
constexpr std::uint32_t pretended = SECCOMP_RET_ERRNO;  // with error 0: the call says that it succeeded
constexpr std::uint32_t allowed = SECCOMP_RET_ALLOW;

constexpr Rule unless_self(int number, int argument) {
  return {number, refused(EPERM), Rule::When::any_bit, argument};  // 0 is the caller itself
}
constexpr Rule if_equal(int number, std::uint32_t answer, int argument, std::uint32_t mask, std::uint32_t value) {
  return {number, answer, Rule::When::equals, argument, mask, value};
}

// Of several rules for a call the first that fits decides.
const Rule rules[] = {
    // A datagram socket of a pair can be sent from to any path.
    if_equal(SYS_socketpair, refused(EACCES), 1, 0xf, SOCK_DGRAM),
    // Rings make the calls that are refused here.
    {SYS_io_uring_setup, refused(ENOSYS)},

    // Other processes of the same user.
    {SYS_ptrace, refused(EPERM)},
    {SYS_process_vm_readv, refused(EPERM)},
    {SYS_process_vm_writev, refused(EPERM)},
    {SYS_process_madvise, refused(EPERM)},
    {SYS_pidfd_getfd, refused(EPERM)},
    {SYS_kcmp, refused(EPERM)},
    {SYS_migrate_pages, refused(EPERM)},
    {SYS_move_pages, refused(EPERM)},
    unless_self(SYS_prlimit64, 0),
    unless_self(SYS_sched_setaffinity, 0),
    unless_self(SYS_sched_setscheduler, 0),
    unless_self(SYS_sched_setparam, 0),
    unless_self(SYS_sched_setattr, 0),
    unless_self(SYS_setpriority, 1),
    unless_self(SYS_ioprio_set, 1),
    // Who cannot be looked at could hide what it holds open (footprint.hpp).
    if_equal(SYS_prctl, refused(EPERM), 0, ~std::uint32_t{0}, 4),  // PR_SET_DUMPABLE

    // Memory that outlives its processes, and keys that belong to the user.
    {SYS_shmget, refused(EACCES)},
    {SYS_semget, refused(EACCES)},
    {SYS_msgget, refused(EACCES)},
    {SYS_mq_open, refused(EACCES)},
    {SYS_keyctl, refused(EACCES)},
    {SYS_add_key, refused(EACCES)},
    {SYS_request_key, refused(EACCES)},

    // A file that is changed by its path alone. Landlock knows of truncate(2) only from its third version on.
    {SYS_truncate, refused(EACCES)},
    {SYS_chmod, pretended},
    {SYS_fchmodat, pretended},
    {fchmodat2_number, pretended},
    {SYS_chown, pretended},
    {SYS_lchown, pretended},
    {SYS_fchownat, pretended},
    {SYS_utime, pretended},
    {SYS_utimes, pretended},
    {SYS_futimesat, pretended},
    // Without a path it is about an open file.
    {SYS_utimensat, pretended, Rule::When::any_bit, 1},
    {SYS_utimensat, pretended, Rule::When::any_bit, 1, ~std::uint32_t{0}, 0, true},
    {SYS_setxattr, refused(EOPNOTSUPP)},
    {SYS_lsetxattr, refused(EOPNOTSUPP)},
    {SYS_fsetxattr, refused(EOPNOTSUPP)},
    {setxattrat_number, refused(EOPNOTSUPP)},
    {SYS_removexattr, refused(EOPNOTSUPP)},
    {SYS_lremovexattr, refused(EOPNOTSUPP)},
    {removexattrat_number, refused(EOPNOTSUPP)},
    {file_setattr_number, refused(EOPNOTSUPP)},

    // What the kernel shows to the owner of a namespace of its own. clone3's flags are in memory, where a filter cannot
    // look; the C library goes on with clone.
    {SYS_unshare, refused(EPERM)},
    {SYS_setns, refused(EPERM)},
    {SYS_clone, refused(EPERM), Rule::When::any_bit, 0, new_namespaces},
    {SYS_clone3, refused(ENOSYS)},
    {SYS_mount, refused(EPERM)},
    {SYS_umount2, refused(EPERM)},
    {SYS_pivot_root, refused(EPERM)},
    {SYS_chroot, refused(EPERM)},
    {SYS_bpf, refused(EPERM)},
    {SYS_perf_event_open, refused(EACCES)},
    {SYS_userfaultfd, refused(EPERM)},
};

const Rule network_rules[] = {
    if_equal(SYS_socket, allowed, 0, ~std::uint32_t{0}, AF_INET),
    if_equal(SYS_socket, allowed, 0, ~std::uint32_t{0}, AF_INET6),
    if_equal(SYS_socket, allowed, 0, ~std::uint32_t{0}, AF_NETLINK),
};

constexpr std::uint32_t argument_offset(const Rule& rule) {
  return static_cast<std::uint32_t>(offsetof(seccomp_data, args)) + 8u * static_cast<std::uint32_t>(rule.argument) +
         (rule.high_half ? 4u : 0u);
}

sock_filter load(std::uint32_t offset) { return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset); }
sock_filter answer(std::uint32_t action) { return BPF_STMT(BPF_RET | BPF_K, action); }
sock_filter skip_unless_equal(std::uint32_t value, std::uint8_t skipped) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped);
}

// Behind each rule the number of the call is loaded again.
void add(std::vector<sock_filter>& filter, const Rule& rule) {
  const auto number = static_cast<std::uint32_t>(rule.number);
  switch (rule.when) {
    case Rule::When::always: filter.insert(filter.end(), {skip_unless_equal(number, 1), answer(rule.answer)}); return;
    case Rule::When::any_bit:
      filter.insert(filter.end(), {skip_unless_equal(number, 4), load(argument_offset(rule)),
                                   sock_filter BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, rule.mask, 0, 1),
                                   answer(rule.answer), load(offsetof(seccomp_data, nr))});
      return;
    case Rule::When::equals:
      filter.insert(filter.end(),
                    {skip_unless_equal(number, 5), load(argument_offset(rule)),
                     sock_filter BPF_STMT(BPF_ALU | BPF_AND | BPF_K, rule.mask), skip_unless_equal(rule.value, 1),
                     answer(rule.answer), load(offsetof(seccomp_data, nr))});
      return;
  }
}

}  // namespace

std::vector<sock_filter> system_call_filter(bool network) {
  // The numbers mean other calls to a program of another architecture; those of x32 have a high bit.
  constexpr std::uint32_t x32_bit = 0x4000'0000;
  std::vector<sock_filter> filter = {load(offsetof(seccomp_data, arch)),
                                     skip_unless_equal(AUDIT_ARCH_X86_64, 1),
                                     sock_filter BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
                                     answer(SECCOMP_RET_KILL_PROCESS),
                                     load(offsetof(seccomp_data, nr)),
                                     sock_filter BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, x32_bit, 0, 1),
                                     answer(refused(ENOSYS))};
  if (network)
    for (const Rule& rule : network_rules) add(filter, rule);
  add(filter, {SYS_socket, refused(EACCES)});
  for (const Rule& rule : rules) add(filter, rule);
  filter.push_back(answer(allowed));
  return filter;
}

}  // namespace circuit::fulfillment
