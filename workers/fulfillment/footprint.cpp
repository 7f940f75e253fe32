#include "workers/fulfillment/footprint.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "broker/daemon/files.hpp"

namespace circuit::fulfillment {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t block_bytes = 512;  // of st_blocks, whatever the file system's own is
// A file system may hold more blocks than a file's bytes: it rounds up, and some take room ahead of the writer.
constexpr std::uint64_t room_bytes = 4096;
constexpr std::uint64_t room_ahead_bytes = 1 << 20;

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

Directory open_directory(int at, const char* path) {
  const int descriptor = ::openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) return nullptr;
  DIR* directory = ::fdopendir(descriptor);
  if (!directory) ::close(descriptor);
  return Directory(directory);
}

bool is_dots(const char* name) { return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)); }

// The sums so far. Every add says whether they are within the limits still.
class Sum {
 public:
  explicit Sum(const FootprintLimits& limits) : limits_(limits) {}

  bool add_file(const struct stat& status) {
    if (++files_ > limits_.files_max) return pass(Excess::files);
    if (!S_ISREG(status.st_mode)) return true;
    if (status.st_nlink != 1 && !seen_.emplace(status.st_dev, status.st_ino).second) return true;
    bytes_ += static_cast<std::uint64_t>(status.st_size);
    blocks_ += static_cast<std::uint64_t>(status.st_blocks) * block_bytes;
    const std::uint64_t on_disk_max = 2 * limits_.bytes_max + files_ * room_bytes + room_ahead_bytes;
    return bytes_ > limits_.bytes_max || blocks_ > on_disk_max ? pass(Excess::bytes) : true;
  }
  bool add_memory(std::uint64_t bytes) {
    memory_ += bytes;
    return limits_.memory_max != 0 && memory_ > limits_.memory_max ? pass(Excess::memory) : true;
  }
  bool pass(Excess excess) {
    excess_ = excess;
    return false;
  }
  [[nodiscard]] std::optional<Excess> excess() const { return excess_; }

 private:
  const FootprintLimits& limits_;
  std::uint64_t files_ = 0, bytes_ = 0, blocks_ = 0, memory_ = 0;
  std::set<std::pair<dev_t, ino_t>> seen_;  // what has several names, or none
  std::optional<Excess> excess_;
};

// Depth is bounded by the number of directories, which are files too, and by the descriptors that are left.
bool add_directory(Sum& sum, int at, const char* path, int depth) {
  constexpr int depth_max = 64;
  if (depth > depth_max) return sum.pass(Excess::files);
  const Directory directory = open_directory(at, path);
  if (!directory) return true;  // gone already
  const int descriptor = ::dirfd(directory.get());
  while (const dirent* entry = ::readdir(directory.get())) {
    if (is_dots(entry->d_name)) continue;
    struct stat status {};
    if (::fstatat(descriptor, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!sum.add_file(status)) return false;
    if (S_ISDIR(status.st_mode) && !add_directory(sum, descriptor, entry->d_name, depth + 1)) return false;
  }
  return true;
}

// Files that were removed while they are open, and memory files: they hold room and stand in no directory.
bool add_nameless(Sum& sum, pid_t process) {
  const std::string path = "/proc/" + std::to_string(process) + "/fd";
  const Directory directory = open_directory(AT_FDCWD, path.c_str());
  if (!directory) return true;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (is_dots(entry->d_name)) continue;
    struct stat status {};
    if (::fstatat(::dirfd(directory.get()), entry->d_name, &status, 0) != 0) continue;
    if (S_ISREG(status.st_mode) && status.st_nlink == 0 && !sum.add_file(status)) return false;
  }
  return true;
}

// What it shares with others (libraries) is not counted: it would be counted for each.
std::uint64_t memory_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/statm");
  std::uint64_t size = 0, resident = 0, shared = 0;
  if (!(file >> size >> resident >> shared) || resident < shared) return 0;
  static const auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return (resident - shared) * page_bytes;
}

void add_children(pid_t process, std::size_t most, std::vector<pid_t>& all) {
  const std::string tasks = "/proc/" + std::to_string(process) + "/task";
  const Directory directory = open_directory(AT_FDCWD, tasks.c_str());
  if (!directory) return;
  while (const dirent* task = ::readdir(directory.get())) {
    if (is_dots(task->d_name)) continue;
    std::ifstream file(tasks + '/' + task->d_name + "/children");
    for (pid_t child = 0; all.size() < most && file >> child;) all.push_back(child);
  }
}

}  // namespace

std::string_view name_of(Excess excess) {
  switch (excess) {
    case Excess::bytes: return "bytes on the disk";
    case Excess::files: return "files";
    case Excess::memory: return "memory";
    case Excess::processes: return "processes";
  }
  return "";
}

std::vector<pid_t> descendants(pid_t ancestor, std::size_t most) {
  std::vector<pid_t> all;
  add_children(ancestor, most, all);
  for (std::size_t next = 0; next < all.size() && all.size() < most; ++next) add_children(all[next], most, all);
  return all;
}

std::vector<pid_t> children_of_main_thread() {
  const std::string self = std::to_string(::getpid());
  std::vector<pid_t> children;
  std::ifstream file("/proc/self/task/" + self + "/children");
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

std::optional<Excess> find_excess(pid_t keeper, const std::vector<fs::path>& directories,
                                  const FootprintLimits& limits) {
  Sum sum(limits);
  for (const fs::path& directory : directories)
    if (!add_directory(sum, AT_FDCWD, directory.c_str(), 0)) return sum.excess();
  const std::vector<pid_t> processes = descendants(keeper, limits.processes_max + 1);
  if (processes.size() > limits.processes_max) return Excess::processes;
  for (const pid_t process : processes)
    if (!sum.add_memory(memory_of(process)) || !add_nameless(sum, process)) return sum.excess();
  return std::nullopt;
}

}  // namespace circuit::fulfillment
