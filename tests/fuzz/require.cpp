#include "tests/fuzz/require.hpp"

#include <cstdio>
#include <cstdlib>

namespace circuit::fuzz {

void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

}  // namespace circuit::fuzz
