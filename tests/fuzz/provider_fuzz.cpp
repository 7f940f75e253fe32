// Any bytes as a message between payment workers and the sandbox: operations one way, answers the other.
#include <vector>

#include "tests/fuzz/round_trip.hpp"
#include "workers/sandbox/protocol.hpp"

using namespace circuit;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::view_of(data, size);
  fuzz::check_round_trip<std::vector<sandbox::Operation>>(bytes);
  fuzz::check_round_trip<std::vector<sandbox::Answer>>(bytes);
  return 0;
}
