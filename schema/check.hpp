// CHECK: an invariant that only our own bug can break. Always on; aborts the process and says where.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace circuit::schema {

[[noreturn]] inline void check_failed(const char* condition, const char* why, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: CHECK(%s) failed: %s\n", file, line, condition, why);
  std::abort();
}

}  // namespace circuit::schema

#define CIRCUIT_CHECK(condition, why) \
  (static_cast<bool>(condition) ? void() : ::circuit::schema::check_failed(#condition, why, __FILE__, __LINE__))
