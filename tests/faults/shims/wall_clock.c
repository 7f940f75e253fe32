// LD_PRELOAD: moves the wall clock by an offset that may change at any time; the other clocks stay true. libfaketime
// does the same, but it allocates before it is ready, and jemalloc asks for the time before it can allocate.
//   WALL_CLOCK_FILE=…    eight bytes, the offset in µs; mapped, so that a change is one store
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t none = 0;

static int64_t offset_us(void) {
  static const volatile int64_t* offset;
  const volatile int64_t* at = __atomic_load_n(&offset, __ATOMIC_ACQUIRE);
  if (!at) {
    const char* path = getenv("WALL_CLOCK_FILE");
    const int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
    void* map = file < 0 ? MAP_FAILED : (void*)syscall(SYS_mmap, 0, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    at = map == MAP_FAILED ? &none : (const int64_t*)map;
    if (file >= 0) syscall(SYS_close, file);
    __atomic_store_n(&offset, at, __ATOMIC_RELEASE);
  }
  return *at;
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
  const int64_t ns = (int64_t)now->tv_sec * 1000000000 + now->tv_nsec + offset_us() * 1000;
  now->tv_sec = ns / 1000000000;
  now->tv_nsec = ns % 1000000000;
  return 0;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  (void)zone;
  struct timespec fine;
  clock_gettime(CLOCK_REALTIME, &fine);
  now->tv_sec = fine.tv_sec;
  now->tv_usec = fine.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* out) {
  struct timespec fine;
  clock_gettime(CLOCK_REALTIME, &fine);
  if (out) *out = fine.tv_sec;
  return fine.tv_sec;
}
