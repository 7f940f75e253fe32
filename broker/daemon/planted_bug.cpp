#include "broker/daemon/planted_bug.hpp"

#ifdef CIRCUIT_PLANTED_BUGS

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace circuit::daemon {
namespace {

std::optional<PlantedBug> chosen_bug() {
  const char* name = std::getenv("CIRCUIT_PLANTED_BUG");
  if (!name) return std::nullopt;
  const auto known = std::ranges::find(planted_bug_names, std::string_view(name));
  if (known == planted_bug_names.end()) {
    std::fprintf(stderr, "CIRCUIT_PLANTED_BUG: there is no planted bug \"%s\"\n", name);
    std::exit(64);
  }
  std::fprintf(stderr, "this program has a planted bug: %s\n", name);
  return static_cast<PlantedBug>(known - planted_bug_names.begin());
}

}  // namespace

bool is_planted(PlantedBug bug) {
  static const std::optional<PlantedBug> chosen = chosen_bug();
  return chosen == bug;
}

}  // namespace circuit::daemon

#endif
