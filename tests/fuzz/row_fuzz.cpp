// Any bytes as a row of the journal, behind one byte that says which. A row is read whole or not at all, and what was
// read is written with the same bytes.
#include <string>

#include "broker/journal/table.hpp"
#include "schema/event.hpp"
#include "schema/totals.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace circuit;
using fuzz::require;

namespace {

template <class Row>
void check_row(std::string_view bytes) {
  Row row{};
  if (!journal::read_row(bytes, row)) return;
  std::string scratch;
  const std::string once(journal::row_bytes(scratch, row));
  Row again{};
  require(journal::read_row(once, again), "a written row is read");
  require(journal::row_bytes(scratch, again) == once, "a row that is read and written is the same");
  if constexpr (schema::HasMembers<Row>)
    (void)fuzz::check_round_trip<Row>(bytes);
  else
    require(once == bytes, "a row has one text");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = fuzz::view_of(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0: check_row<schema::OrderBody>(bytes); break;
    case 1: {
      check_row<schema::OrderState>(bytes);
      schema::OrderState state;
      if (journal::read_row(bytes, state)) (void)schema::name_of(state.reason);
      break;
    }
    case 2: check_row<schema::Totals>(bytes); break;
    case 3: check_row<std::string>(bytes); break;
  }
  return 0;
}
