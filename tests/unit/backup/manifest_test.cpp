#include "ops/backup/manifest.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "ops/cli/failure.hpp"
#include "tests/unit/daemon/scratch_directory.hpp"

namespace circuit::ops {
namespace {

const std::vector<BackupEntry> entries = {
    {"journal", 0700, true, 0, {}},
    {"journal/data.mdb", 0600, false, 4'096, std::string(64, 'a')},
    {"inputs", 02750, true, 0, {}},
    {"inputs/a \"b\"", 0640, false, 18'446'744'073'709'547'519u, std::string(64, 'b')}};

BackupSummary write_manifest(const std::filesystem::path& backup) {
  ManifestWriter writer(backup);
  for (const BackupEntry& entry : entries) writer.add(entry);
  CHECK_FALSE(std::filesystem::exists(backup / "manifest.jsonl"));
  return writer.finish(900, 897);
}

std::string bytes_of_file(const std::filesystem::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

TEST_CASE("a manifest is read as it was written") {
  const ScratchDirectory scratch;
  write_manifest(scratch.path);
  const BackupSummary summary = read_summary(scratch.path);
  CHECK(summary.last_seq == 900);
  CHECK(summary.audit_last_seq == 897);
  CHECK(summary.files == 2);
  std::vector<BackupEntry> read;
  read_entries(scratch.path, [&](const BackupEntry& entry) { read.push_back(entry); });
  REQUIRE(read.size() == entries.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    CHECK(read[i].path == entries[i].path);
    CHECK(read[i].mode == entries[i].mode);
    CHECK(read[i].directory == entries[i].directory);
    CHECK(read[i].size == entries[i].size);
    CHECK(read[i].sha256 == entries[i].sha256);
  }
}

TEST_CASE("a manifest with one bit turned over anywhere, or cut anywhere, is refused") {
  const ScratchDirectory scratch;
  write_manifest(scratch.path);
  const std::filesystem::path path = scratch.path / "manifest.jsonl";
  const std::string whole = bytes_of_file(path);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CAPTURE(i);
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    std::ofstream(path, std::ios::binary) << changed;
    CHECK_THROWS_AS(read_summary(scratch.path), cli::Failure);
    std::ofstream(path, std::ios::binary) << whole.substr(0, i);
    CHECK_THROWS_AS(read_summary(scratch.path), cli::Failure);
  }
  std::ofstream(path, std::ios::binary) << whole << "\n";
  CHECK_THROWS_AS(read_summary(scratch.path), cli::Failure);
  std::ofstream(path, std::ios::binary) << whole;
  CHECK_NOTHROW(read_summary(scratch.path));
}

TEST_CASE("a manifest that names a place outside of the backup is refused") {
  for (const std::string place : {"../outside", "/etc/passwd", "inputs/../../outside", "./x", ""}) {
    CAPTURE(place);
    const ScratchDirectory scratch;
    ManifestWriter writer(scratch.path);
    writer.add({place, 0600, false, 0, std::string(64, 'a')});
    writer.finish(1, 1);
    CHECK_THROWS_AS(read_summary(scratch.path), cli::Failure);
  }
}

TEST_CASE("a backup without a manifest was never completed") {
  const ScratchDirectory scratch;
  ManifestWriter writer(scratch.path);
  CHECK_THROWS_WITH(read_summary(scratch.path), Catch::Contains("no complete backup"));
}

}  // namespace
}  // namespace circuit::ops
