// What the daemons leave on the disk, read by the standard library alone.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/message.hpp"

namespace circuit::integration {

[[nodiscard]] std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view content);
void append_file(const std::filesystem::path& path, std::string_view content);
[[nodiscard]] std::string sha256_hex(std::string_view bytes);
// Every file below the directory whose bytes hold the text; the names of `except` are left out.
[[nodiscard]] std::vector<std::string> files_with(const std::filesystem::path& directory, const std::string& text,
                                                  const std::vector<std::string>& except = {});

struct Audit {
  std::vector<Json> lines;         // the good ones, in order
  std::vector<std::string> texts;  // as they stand in the files
  std::size_t segments = 0;
  std::size_t dead_bytes = 0;  // behind a bad line, to the end of its segment
};
// The audit log as an outsider checks it: seq from 1 without a gap, and each line's hash in the next one.
[[nodiscard]] Audit read_audit(const std::filesystem::path& directory);

// The lines of the sandbox's ledger. A torn last line is left out.
[[nodiscard]] std::vector<Json> read_ledger(const std::filesystem::path& directory);

// What the ledger says of one order.
struct Money {
  int captures = 0, voids = 0, refunds = 0, declines = 0;
  std::int64_t captured = 0, refunded = 0;  // minor units
};
[[nodiscard]] std::map<std::string, Money> money_by_order(const std::vector<Json>& ledger);

// A field of /proc/<pid>/status in KiB, such as "RssAnon".
[[nodiscard]] std::size_t memory_kib(int pid, const std::string& field);

}  // namespace circuit::integration
