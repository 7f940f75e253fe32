// Any text as a line of the sandbox's ledger: a line is accepted byte for byte or not at all.
#include <string>

#include "tests/fuzz/require.hpp"
#include "workers/sandbox/ledger_line.hpp"

using namespace circuit;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::view_of(data, size);
  const auto line = sandbox::parse_ledger_line(text);
  if (!line) return 0;
  std::string again;
  sandbox::write_ledger_line(again, *line);
  require(again == std::string(text) + '\n', "a line has one text");
  require(again.size() <= sandbox::ledger_line_bytes_max, "a line is bounded");
  for (const char c : line->currency) require(c >= 'A' && c <= 'Z', "a currency is three capital letters");
  return 0;
}
