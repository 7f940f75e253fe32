// Any bytes as a message on the work socket, behind its kind: each is read whole or not at all.
#include <vector>

#include "schema/work.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace circuit;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = fuzz::view_of(data + 1, size - 1);
  switch (static_cast<schema::WorkMessage>(data[0])) {
    case schema::WorkMessage::hello: fuzz::check_round_trip<std::vector<schema::Hello>>(bytes); break;
    case schema::WorkMessage::heartbeat: fuzz::check_round_trip<std::vector<schema::Lease>>(bytes); break;
    case schema::WorkMessage::jobs: fuzz::check_round_trip<std::vector<schema::Job>>(bytes); break;
    case schema::WorkMessage::outcomes: fuzz::check_round_trip<std::vector<schema::Outcome>>(bytes); break;
    case schema::WorkMessage::refused: fuzz::check_round_trip<std::vector<schema::Refused>>(bytes); break;
    case schema::WorkMessage::unknown:
    case schema::WorkMessage::goodbye: break;
  }
  return 0;
}
