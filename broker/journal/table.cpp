#include "broker/journal/table.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace circuit::journal {

std::uint64_t row_checksum(std::uint32_t table, std::string_view key, std::string_view bytes) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), XXH3_64bits_withSeed(key.data(), key.size(), table));
}

void throw_corrupt_row(const char* table, std::string_view key, const char* what) {
  throw CorruptRow("journal: the row " + schema::hex_encode(schema::bytes_of(key)) + " of table " + table + " " + what +
                   ". Stop, keep a copy of the data directory, and restore the newest backup");
}

}  // namespace circuit::journal
