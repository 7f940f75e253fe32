#include "workers/fulfillment/confinement.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "workers/fulfillment/system_calls.hpp"

namespace circuit::fulfillment {
namespace {

namespace fs = std::filesystem;

// linux/landlock.h of a newer kernel than Debian 12's: the whole of version 6.
struct RulesetAttributes {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scoped = 0;
};
constexpr std::uint64_t truncate_files = 1 << 14;                        // version 3
constexpr std::uint64_t control_devices = 1 << 15;                       // version 5
constexpr std::uint64_t bind_and_connect_tcp = 1 << 0 | 1 << 1;          // version 4
constexpr std::uint64_t abstract_sockets_and_signals = 1 << 0 | 1 << 1;  // version 6

constexpr std::uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr std::uint64_t read_directory = read_file | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t use_device = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr std::uint64_t write_directory = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                                          LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                          LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                          LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                          LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER | truncate_files;
constexpr std::uint64_t all_of_version_1 = (1 << 13) - 1;

constexpr const char* system_directories[] = {"/usr",
                                              "/bin",
                                              "/sbin",
                                              "/lib",
                                              "/lib32",
                                              "/lib64",
                                              "/libx32",
                                              "/opt",
                                              "/etc",
                                              "/proc",
                                              "/sys/devices/system",
                                              "/sys/fs/cgroup",
                                              "/sys/kernel/mm/transparent_hugepage",
                                              "/var/cache/fontconfig",
                                              "/var/lib/texmf"};
// What root, whose files these are, could read without any privilege.
constexpr const char* secret_system_files[] = {"/etc/circuit",     "/etc/shadow",     "/etc/shadow-", "/etc/gshadow",
                                               "/etc/gshadow-",    "/etc/ssh",        "/etc/sudoers", "/etc/sudoers.d",
                                               "/etc/ssl/private", "/etc/krb5.keytab"};
constexpr const char* devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};

std::uint64_t handled_files(int version) {
  std::uint64_t files = all_of_version_1;
  if (version >= 2) files |= LANDLOCK_ACCESS_FS_REFER;
  if (version >= 3) files |= truncate_files;
  if (version >= 5) files |= control_devices;
  return files;
}

// Of two paths without dots, links and trailing slashes.
bool is_within(std::string_view path, std::string_view directory) {
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

// Adds rules to a ruleset. What is not there is left out.
class Rules {
 public:
  Rules(int version, bool network, const std::vector<fs::path>& forbidden) : handled_(handled_files(version)) {
    RulesetAttributes attributes{handled_, version >= 4 && !network ? bind_and_connect_tcp : 0,
                                 version >= 6 ? abstract_sockets_and_signals : 0};
    const std::size_t size = version >= 6 ? sizeof attributes : version >= 4 ? 16 : 8;
    ruleset_ = daemon::FileDescriptor(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, size, 0u)));
    if (!ruleset_) throw std::system_error(errno, std::generic_category(), "cannot confine a program (Landlock)");
    for (const char* path : secret_system_files) forbidden_.emplace_back(path);
    for (const fs::path& path : forbidden) forbidden_.push_back(resolved(path));
  }

  // The path where it leads to; what leads to a forbidden place is left out, and what holds one is opened around it.
  void readable(const fs::path& path) {
    const daemon::FileDescriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat status {};
    if (!place || ::fstat(place.get(), &status) != 0) return;
    const std::string real = target(place);
    if (std::ranges::any_of(forbidden_, [&](const std::string& other) { return is_within(real, other); })) return;
    if (std::ranges::none_of(forbidden_, [&](const std::string& other) { return is_within(other, real); }))
      return add(place, real, S_ISDIR(status.st_mode) ? read_directory : read_file);
    std::error_code unreadable;
    for (const fs::directory_entry& entry : fs::directory_iterator(real, unreadable)) readable(entry.path());
  }

  void given(const fs::path& directory) { add(daemon::open_file(directory, O_PATH), directory, read_directory); }
  void writable(const fs::path& directory) { add(daemon::open_file(directory, O_PATH), directory, write_directory); }

  void device(const char* path) {
    const daemon::FileDescriptor place(::open(path, O_PATH | O_CLOEXEC));
    if (place) add(place, path, use_device);
  }

  [[nodiscard]] daemon::FileDescriptor finished() && { return std::move(ruleset_); }

 private:
  static std::string resolved(const fs::path& path) {
    std::error_code error;
    const fs::path real = fs::weakly_canonical(path, error);
    return error ? path.string() : real.string();
  }
  static std::string target(const daemon::FileDescriptor& place) {
    return fs::read_symlink("/proc/self/fd/" + std::to_string(place.get())).string();
  }

  void add(const daemon::FileDescriptor& place, const fs::path& path, std::uint64_t access) {
    // Packed in the kernel's header, so that no reference to a member may be taken.
    const landlock_path_beneath_attr rule{access & handled_, place.get()};
    if (::syscall(SYS_landlock_add_rule, ruleset_.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0u) != 0)
      daemon::throw_errno(path, "cannot let a program reach it (Landlock)");
  }

  std::uint64_t handled_;
  std::vector<std::string> forbidden_;
  daemon::FileDescriptor ruleset_;
};

// Root's programs get all that is in the bounding set, so that one is emptied first. Others may not, and get nothing.
bool drop_privileges() noexcept {
  for (unsigned long capability = 0; capability < 64; ++capability)
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno == EINVAL) break;
  (void)::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2] = {};
  return ::syscall(SYS_capset, &header, none) == 0;
}

}  // namespace

int landlock_version() noexcept {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, std::size_t{0}, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : static_cast<int>(version);
}

Confinement::Confinement(const Reach& reach) : filter_(system_call_filter(reach.network)) {
  const int version = landlock_version();
  if (version == 0) return;
  Rules rules(version, reach.network, reach.forbidden);
  for (const char* path : system_directories) rules.readable(path);
  for (const fs::path& path : reach.readable) rules.readable(path);
  for (const fs::path& path : reach.given) rules.given(path);
  for (const fs::path& path : reach.writable) rules.writable(path);
  for (const char* path : devices) rules.device(path);
  rules_ = std::move(rules).finished();
}

bool Confinement::enter() const noexcept {
  if (!drop_privileges() || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  if (rules_ && ::syscall(SYS_landlock_restrict_self, rules_.get(), 0u) != 0) return false;
  const sock_fprog program{static_cast<unsigned short>(filter_.size()), const_cast<sock_filter*>(filter_.data())};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

}  // namespace circuit::fulfillment
