// LD_PRELOAD: performs the nth call of a kind and then says that it failed. What a controller does that loses only the
// acknowledgement: the data is on the disk, and the program is told EIO.
//   SHIM_CALL=fdatasync|pwrite64|writev   SHIM_WHEN=7,12,20
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>

static int is_time(const char* call) {
  static int count;
  const char* wanted = getenv("SHIM_CALL");
  const char* when = getenv("SHIM_WHEN");
  if (!wanted || !when || strcmp(wanted, call) != 0) return 0;
  const int n = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
  for (char* at = (char*)when; *at;) {
    if (strtol(at, &at, 10) == n) return 1;
    if (*at) ++at;
  }
  return 0;
}

#define REAL(name) __typeof__(name)* const name##_real = (__typeof__(name)*)dlsym(RTLD_NEXT, #name)

int fdatasync(int fd) {
  REAL(fdatasync);
  const int result = fdatasync_real(fd);
  if (!is_time("fdatasync")) return result;
  errno = EIO;
  return -1;
}

ssize_t pwrite64(int fd, const void* data, size_t size, off_t offset) {
  REAL(pwrite64);
  const ssize_t result = pwrite64_real(fd, data, size, offset);
  if (!is_time("pwrite64")) return result;
  errno = EIO;
  return -1;
}

// liblmdb calls it by this name.
ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) { return pwrite64(fd, data, size, offset); }

ssize_t writev(int fd, const struct iovec* parts, int count) {
  REAL(writev);
  const ssize_t result = writev_real(fd, parts, count);
  if (!is_time("writev")) return result;
  errno = EIO;
  return -1;
}
