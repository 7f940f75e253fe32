#include "workers/sandbox/ledger.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "tests/unit/sandbox/scratch_directory.hpp"

using namespace circuit;
using namespace circuit::sandbox;

namespace {

ChargeKey key_number(std::uint32_t number, std::uint32_t attempt = 1) {
  ChargeKey key;
  for (std::size_t i = 0; i < 4; ++i) key.order.bytes[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  key.attempt = attempt;
  return key;
}

std::string content(const std::filesystem::path& directory) {
  std::ifstream file(directory / "ledger.jsonl", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void append_raw(const std::filesystem::path& directory, const std::string& bytes) {
  std::ofstream(directory / "ledger.jsonl", std::ios::binary | std::ios::app) << bytes;
}

constexpr std::int64_t some_ts = 1'767'322'985'000'006;

}  // namespace

TEST_CASE("a ledger line has its keys in a fixed order and its reference is its seq", "[sandbox][ledger]") {
  const LedgerLine line{17, some_ts, LedgerOp::capture, key_number(0, 2), 5000, {'U', 'S', 'D'}};
  std::string text;
  write_ledger_line(text, line);
  CHECK(text ==
        R"({"seq":17,"ts":"2026-01-02T03:03:05.000006Z","op":"capture","key":"ord_00000000000000000000000000/2",)"
        R"("order_id":"ord_00000000000000000000000000","attempt":2,"amount":5000,"currency":"USD",)"
        "\"reference\":\"ch_000000000017\"}\n");
  text.pop_back();
  CHECK(parse_ledger_line(text) == line);
}

TEST_CASE("the largest numbers fit a ledger line", "[sandbox][ledger]") {
  LedgerLine line{UINT64_MAX, some_ts,        LedgerOp::decline, key_number(UINT32_MAX, UINT32_MAX),
                  INT64_MIN,  {'U', 'S', 'D'}};
  std::string text;
  write_ledger_line(text, line);
  CHECK(text.size() < ledger_line_bytes_max);
  text.pop_back();
  CHECK(parse_ledger_line(text) == line);
}

TEST_CASE("a ledger line with any byte changed is another line or none", "[sandbox][ledger]") {
  const LedgerLine line{17, some_ts, LedgerOp::refund, key_number(9), 5000, {'U', 'S', 'D'}};
  std::string text;
  write_ledger_line(text, line);
  text.pop_back();
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char c : {'0', '9', '"', ' ', 'x', '\0'}) {
      std::string changed = text;
      if (changed[at] == c) continue;
      changed[at] = c;
      INFO(changed);
      CHECK(parse_ledger_line(changed) != line);
    }
    CHECK_FALSE(parse_ledger_line(text.substr(0, at)));
  }
}

TEST_CASE("a ledger tells after a restart what it told before", "[sandbox][ledger]") {
  const ScratchDirectory scratch;
  std::optional<LedgerLine> captured, voided, refunded;
  {
    Ledger ledger(scratch.path() / "sandbox");
    ledger.append(LedgerOp::capture, key_number(1), 5000, "USD", some_ts);
    ledger.append(LedgerOp::void_charge, key_number(2), 700, "EUR", some_ts);
    ledger.append(LedgerOp::capture, key_number(3), 9, "JPY", some_ts);
    ledger.commit();
    ledger.append(LedgerOp::refund, key_number(3), 9, "JPY", some_ts);
    captured = ledger.find(key_number(1));
    voided = ledger.find(key_number(2));
    refunded = ledger.find(key_number(3));
    CHECK(refunded->op == LedgerOp::refund);
    ledger.commit();
  }
  Ledger ledger(scratch.path() / "sandbox");
  CHECK(ledger.lines() == 4);
  CHECK(ledger.keys() == 3);
  CHECK(ledger.find(key_number(1)) == captured);
  CHECK(ledger.find(key_number(2)) == voided);
  CHECK(ledger.find(key_number(3)) == refunded);
  CHECK_FALSE(ledger.find(key_number(4)));
  CHECK_FALSE(ledger.find(key_number(1, 2)));
  CHECK(ledger.append(LedgerOp::capture, key_number(4), 1, "USD", some_ts).seq == 5);
}

TEST_CASE("lines reach the file with the commit, all at once", "[sandbox][ledger]") {
  const ScratchDirectory scratch;
  Ledger ledger(scratch.path());
  for (std::uint32_t i = 0; i < 100; ++i) ledger.append(LedgerOp::capture, key_number(i), 1, "USD", some_ts);
  CHECK(content(scratch.path()).empty());
  CHECK(ledger.find(key_number(77))->seq == 78);
  ledger.commit();
  const std::string text = content(scratch.path());
  CHECK(std::count(text.begin(), text.end(), '\n') == 100);
  CHECK(ledger.find(key_number(77))->seq == 78);
  ledger.commit();
  CHECK(content(scratch.path()) == text);
}

TEST_CASE("a second capture of a key is a line, but the key stands as the first one said", "[sandbox][ledger]") {
  const ScratchDirectory scratch;
  {
    Ledger ledger(scratch.path());
    ledger.append(LedgerOp::capture, key_number(1), 10, "USD", some_ts);
    ledger.append(LedgerOp::capture, key_number(1), 20, "USD", some_ts);
    CHECK(ledger.find(key_number(1))->amount == 10);
    ledger.commit();
  }
  Ledger ledger(scratch.path());
  CHECK(ledger.lines() == 2);
  CHECK(ledger.find(key_number(1))->amount == 10);
}

TEST_CASE("a torn last line is cut off wherever it was torn", "[sandbox][ledger]") {
  const ScratchDirectory scratch;
  {
    Ledger ledger(scratch.path());
    for (std::uint32_t i = 0; i < 3; ++i) ledger.append(LedgerOp::capture, key_number(i), 1, "USD", some_ts);
    ledger.commit();
  }
  const std::string whole = content(scratch.path());
  const std::size_t two = whole.find('\n', whole.find('\n') + 1) + 1;
  for (std::size_t size = two; size < whole.size(); ++size) {
    std::filesystem::resize_file(scratch.path() / "ledger.jsonl", two);
    append_raw(scratch.path(), whole.substr(two, size - two));
    Ledger ledger(scratch.path());
    REQUIRE(ledger.cut_bytes() == size - two);
    REQUIRE(ledger.lines() == 2);
    REQUIRE_FALSE(ledger.find(key_number(2)));
    REQUIRE(content(scratch.path()) == whole.substr(0, two));
  }
  Ledger ledger(scratch.path());
  ledger.append(LedgerOp::capture, key_number(2), 1, "USD", some_ts);
  ledger.commit();
  CHECK(content(scratch.path()) == whole);
}

TEST_CASE("a damaged line stops the start and is named", "[sandbox][ledger]") {
  const ScratchDirectory scratch;
  {
    Ledger ledger(scratch.path());
    for (std::uint32_t i = 0; i < 3; ++i) ledger.append(LedgerOp::capture, key_number(i), 1, "USD", some_ts);
    ledger.commit();
  }
  const std::string whole = content(scratch.path());
  std::filesystem::resize_file(scratch.path() / "ledger.jsonl", 0);
  SECTION("a byte of the second line") {
    std::string bad = whole;
    bad[bad.find('\n') + 5] = '#';
    append_raw(scratch.path(), bad);
    CHECK_THROWS_WITH(Ledger(scratch.path()), Catch::Contains("line 2"));
  }
  SECTION("a missing line") {
    append_raw(scratch.path(), whole.substr(0, whole.find('\n') + 1) + whole.substr(whole.rfind("{\"seq\":3")));
    CHECK_THROWS_WITH(Ledger(scratch.path()), Catch::Contains("line 2"));
  }
  SECTION("a tail that is too long for a line") {
    append_raw(scratch.path(), whole + std::string(2'000'000, 'x'));
    CHECK_THROWS_WITH(Ledger(scratch.path()), Catch::Contains("line 4"));
  }
  SECTION("zeros in front of more than one commit can have") {
    append_raw(scratch.path(), whole + std::string(100, '\0') + "\n" + std::string(9'000'000, 'x'));
    CHECK_THROWS_WITH(Ledger(scratch.path()), Catch::Contains("line 4"));
  }
}

// The sandbox did not start again after a power cut: a block in the middle of its newest commit had not reached the
// disk.
TEST_CASE("blocks that a power cut kept from the disk are cut off, with what stands behind them", "[sandbox][ledger]") {
  const ScratchDirectory scratch;
  {
    Ledger ledger(scratch.path());
    for (std::uint32_t i = 0; i < 6; ++i) ledger.append(LedgerOp::capture, key_number(i), 1, "USD", some_ts);
    ledger.commit();
  }
  const std::string whole = content(scratch.path());
  const std::size_t two = whole.find('\n', whole.find('\n') + 1) + 1;
  for (const std::size_t zeros : {std::size_t{1}, two, two + 100}) {
    std::string torn = whole;
    torn.replace(two + 10, zeros, zeros, '\0');
    std::filesystem::resize_file(scratch.path() / "ledger.jsonl", 0);
    append_raw(scratch.path(), torn);
    const Ledger ledger(scratch.path());
    CHECK(ledger.lines() == 2);
    CHECK(ledger.cut_bytes() == whole.size() - two);
    CHECK(content(scratch.path()) == whole.substr(0, two));
  }
}

TEST_CASE("a ledger has one owner at a time", "[sandbox][ledger]") {
  const ScratchDirectory scratch;
  const Ledger ledger(scratch.path());
  CHECK_THROWS_AS(Ledger(scratch.path()), daemon::LockHeld);
}

TEST_CASE("200,000 keys are found again and take at most 40 bytes each", "[sandbox][ledger]") {
  const ScratchDirectory scratch;
  constexpr std::uint32_t count = 200'000;
  {
    Ledger ledger(scratch.path());
    for (std::uint32_t i = 0; i < count; ++i) {
      ledger.append(LedgerOp::capture, key_number(i), i + 1, "USD", some_ts);
      if (i % 4'000 == 3'999) ledger.commit();
    }
    ledger.commit();
  }
  const Ledger ledger(scratch.path());
  CHECK(ledger.keys() == count);
  CHECK(ledger.index_bytes() <= 40 * count);
  for (std::uint32_t i = 0; i < count; i += 97) REQUIRE(ledger.find(key_number(i))->amount == i + 1);
  CHECK_FALSE(ledger.find(key_number(count)));
}

TEST_CASE("keys with equal hashes are told apart", "[sandbox][ledger]") {
  KeyIndex index;
  for (std::uint64_t i = 0; i < 100; ++i) index.insert(42, {i * 10, LedgerOp::capture});
  for (std::uint64_t i = 0; i < 100; ++i) {
    const auto slot = index.find(42, [&](KeyIndex::Place place) { return place.offset == i * 10; });
    REQUIRE(slot);
    CHECK(index.at(*slot).offset == i * 10);
  }
  CHECK_FALSE(index.find(42, [](KeyIndex::Place) { return false; }));
  CHECK_FALSE(index.find(43, [](KeyIndex::Place) { return true; }));
}
