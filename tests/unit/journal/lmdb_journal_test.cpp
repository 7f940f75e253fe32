#include <lmdb.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstring>
#include <fstream>
#include <future>
#include <memory>

#include "broker/journal/lmdb_copy.hpp"
#include "broker/journal/lmdb_journal.hpp"
#include "schema/order_id_generator.hpp"
#include "tests/unit/temporary_directory.hpp"

using namespace circuit::journal;
using namespace circuit::schema;
using circuit::tests::TemporaryDirectory;

namespace {

// A journal in a directory, and what a broker would do with it in a few words.
class Fixture {
 public:
  explicit Fixture(std::size_t recent_keys_max = 500'000, std::size_t merge_slice_keys = 2'000)
      : options_{directory_.path() / "journal", std::size_t{1} << 30, recent_keys_max, merge_slice_keys} {
    reopen();
  }
  void reopen() {
    journal.reset();
    journal = std::make_unique<LmdbJournal>(options_);
  }
  [[nodiscard]] const LmdbJournalOptions& options() const { return options_; }

  Uuid create(const std::string& key) {
    Change change = creation(key);
    const Applied& applied = apply({change});
    REQUIRE(applied.outcomes[0].verdict == Verdict::ok);
    return change.order;
  }
  Change creation(const std::string& key) {
    OrderBody body;
    body.product_id = "P";
    body.customer_id = "customer";
    body.idempotency_key = key;
    body.amount = 5000;
    body.currency = "USD";
    std::string& encoded = bodies_.emplace_back();
    encode(encoded, body);
    NewOrder& created = created_.emplace_back(NewOrder{idempotency_key_of("customer", key), encoded});
    Change change;
    change.order = ids_.next(++now_, 42);
    change.state.status = Status::pending_payment;
    change.state.phase = Phase::charge;
    change.state.version = 1;
    change.event = event(EventType::order_created, change.order, 1, Status::pending_payment);
    change.created = &created;
    return change;
  }
  Change move(const Uuid& order, std::uint32_t expected, EventType type, Status to, Phase phase) {
    Change change;
    change.order = order;
    change.expected_version = expected;
    change.state.status = to;
    change.state.phase = phase;
    change.state.version = expected + 1;
    change.event = event(type, order, expected + 1, to);
    return change;
  }
  Event event(EventType type, const Uuid& order, std::uint32_t version, Status status) {
    Event event;
    event.type = type;
    event.ts = now_;
    event.order = order;
    event.version = version;
    event.status = status;
    event.data.customer_id = "customer";
    event.data.amount = 5000;
    event.data.currency = "USD";
    event.data.deliverable = deliverable_license;
    return event;
  }
  void fulfil(const Uuid& order) {
    const Applied& applied = apply({move(order, 1, EventType::payment_confirmed, Status::paid, Phase::fulfill),
                                    move(order, 2, EventType::order_fulfilled, Status::fulfilled, Phase::none)});
    REQUIRE(applied.outcomes[1].verdict == Verdict::ok);
  }

  const Applied& apply(std::vector<Change> changes) { return journal->apply(changes); }

  std::unique_ptr<LmdbJournal> journal;

 private:
  TemporaryDirectory directory_;
  LmdbJournalOptions options_;
  std::deque<std::string> bodies_;
  std::deque<NewOrder> created_;
  std::int64_t now_ = 1'795'000'000'000'000;
  OrderIdGenerator ids_{nil_uuid};
};

std::vector<EventType> types_of(const std::vector<std::string>& history) {
  std::vector<EventType> types;
  for (const std::string& bytes : history) {
    Document document;
    REQUIRE_FALSE(document.parse(bytes));
    types.push_back(decode_event(document.root())->type);
  }
  return types;
}

std::size_t open_orders(LmdbJournal& journal) {
  return journal.open_orders(std::nullopt, 1'000'000, [](const Uuid&, const OrderState&) {});
}

}  // namespace

TEST_CASE("a batch is there after a restart: states, events, totals") {
  Fixture fixture;
  const Uuid first = fixture.create("a");
  const Uuid second = fixture.create("b");
  fixture.fulfil(first);
  fixture.reopen();
  CHECK(fixture.journal->order(first)->state.status == Status::fulfilled);
  CHECK(fixture.journal->order(second)->state.status == Status::pending_payment);
  CHECK(fixture.journal->order(second)->body.idempotency_key == "b");
  CHECK(fixture.journal->totals().last_seq == 4);
  CHECK(fixture.journal->totals().count(EventType::order_created) == 2);
  CHECK(fixture.journal->totals().revenue.at(0).gross == 5000);
  CHECK(fixture.journal->last_order() == second);
  CHECK(open_orders(*fixture.journal) == 1);
}

TEST_CASE("sequence numbers are contiguous from 1 over batches and restarts") {
  Fixture fixture;
  fixture.create("a");
  fixture.reopen();
  fixture.create("b");
  fixture.create("c");
  const EventRange range = fixture.journal->read(1, 100, 1 << 20);
  REQUIRE(range.count == 3);
  std::string_view rest = range.events;
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    CHECK(event_seq(rest) == seq);
    rest.remove_prefix(rest.find("\x87\xa3seq", 1) == std::string_view::npos ? rest.size()
                                                                             : rest.find("\x87\xa3seq", 1));
  }
}

TEST_CASE("a read starts where it is asked to and stops at its limits") {
  Fixture fixture;
  for (int i = 0; i < 10; ++i) fixture.create(std::to_string(i));
  CHECK(fixture.journal->read(4, 3, 1 << 20).count == 3);
  CHECK(event_seq(fixture.journal->read(4, 3, 1 << 20).events) == 4);
  CHECK(fixture.journal->read(11, 3, 1 << 20).count == 0);
  CHECK(fixture.journal->read(1, 10, 1).count == 1);
}

TEST_CASE("a history holds the order's own events, oldest first") {
  Fixture fixture;
  const Uuid first = fixture.create("a");
  fixture.create("b");
  fixture.fulfil(first);
  CHECK(types_of(fixture.journal->history(first)) ==
        std::vector{EventType::order_created, EventType::payment_confirmed, EventType::order_fulfilled});
}

TEST_CASE("a change of another version than expected is a conflict and changes nothing") {
  Fixture fixture;
  const Uuid order = fixture.create("a");
  const Applied& applied =
      fixture.apply({fixture.move(order, 2, EventType::payment_confirmed, Status::paid, Phase::fulfill)});
  CHECK(applied.outcomes[0].verdict == Verdict::conflict);
  CHECK(applied.event_count() == 0);
  CHECK(fixture.journal->order(order)->state.version == 1);
  CHECK(fixture.journal->totals().last_seq == 1);
}

TEST_CASE("a change without an event keeps version and history") {
  Fixture fixture;
  const Uuid order = fixture.create("a");
  Change change;
  change.order = order;
  change.expected_version = 1;
  change.state = fixture.journal->order(order)->state;
  change.state.tries = 3;
  CHECK(fixture.apply({change}).event_count() == 0);
  CHECK(fixture.journal->order(order)->state.tries == 3);
  CHECK(fixture.journal->history(order).size() == 1);
}

TEST_CASE("a finished order that gets work again is open again") {
  Fixture fixture;
  const Uuid order = fixture.create("a");
  fixture.fulfil(order);
  CHECK(open_orders(*fixture.journal) == 0);
  (void)fixture.apply({fixture.move(order, 3, EventType::refund_requested, Status::refund_pending, Phase::refund)});
  CHECK(open_orders(*fixture.journal) == 1);
  CHECK(fixture.journal->order(order)->state.status == Status::refund_pending);
}

TEST_CASE("an idempotency key gives its first order again, in the same batch and later") {
  Fixture fixture;
  const Change first = fixture.creation("a");
  const Change again = fixture.creation("a");
  const Applied& applied = fixture.apply({first, again});
  CHECK(applied.outcomes[0].verdict == Verdict::ok);
  CHECK(applied.outcomes[1].verdict == Verdict::replay);
  CHECK(applied.outcomes[1].first_order == first.order);
  CHECK(applied.event_count() == 1);
  fixture.reopen();
  CHECK(fixture.journal->find(idempotency_key_of("customer", "a")) == first.order);
  CHECK_FALSE(fixture.journal->find(idempotency_key_of("customer", "b")));
  CHECK_FALSE(fixture.journal->find(idempotency_key_of("customera", "")));
}

TEST_CASE(
    "no idempotency key is lost while keys move from memory to their table, nor by a restart at any point of it") {
  constexpr int orders = 36;
  // Ten keys in memory at most, merged three at a time: every restart falls into another moment of a merge.
  for (int restart_after = 1; restart_after <= orders; ++restart_after) {
    Fixture fixture(10, 3);
    std::vector<Uuid> created;
    for (int i = 0; i < orders; ++i) {
      created.push_back(fixture.create(std::to_string(i)));
      if (i + 1 == restart_after) fixture.reopen();
    }
    for (int i = 0; i < orders; ++i) {
      CAPTURE(restart_after, i);
      REQUIRE(fixture.journal->find(idempotency_key_of("customer", std::to_string(i))) ==
              created[static_cast<std::size_t>(i)]);
    }
  }
}

TEST_CASE("a journal of another format is refused with the remedy") {
  Fixture fixture;
  fixture.create("a");
  fixture.journal.reset();
  {
    MDB_env* env = nullptr;
    MDB_txn* txn = nullptr;
    MDB_dbi dbi = 0;
    mdb_env_create(&env);
    mdb_env_set_maxdbs(env, 8);
    REQUIRE(mdb_env_open(env, fixture.options().directory.c_str(), 0, 0600) == 0);
    REQUIRE(mdb_txn_begin(env, nullptr, 0, &txn) == 0);
    REQUIRE(mdb_dbi_open(txn, "meta", 0, &dbi) == 0);
    std::string row(checksum_bytes, '\0');
    const std::uint32_t other = journal_format + 1;
    row.append(reinterpret_cast<const char*>(&other), sizeof other);
    const std::uint64_t checksum = row_checksum(1, "format", std::string_view(row).substr(checksum_bytes));
    std::memcpy(row.data(), &checksum, sizeof checksum);
    MDB_val key{6, const_cast<char*>("format")}, value{row.size(), row.data()};
    REQUIRE(mdb_put(txn, dbi, &key, &value, 0) == 0);
    REQUIRE(mdb_txn_commit(txn) == 0);
    mdb_env_close(env);
  }
  CHECK_THROWS_WITH(fixture.reopen(), Catch::Contains("format 2") && Catch::Contains("restore a backup"));
}

TEST_CASE("a damaged row stops the reader and is named") {
  Fixture fixture;
  const Uuid order = fixture.create("a");
  fixture.journal.reset();
  {
    MDB_env* env = nullptr;
    MDB_txn* txn = nullptr;
    MDB_dbi dbi = 0;
    mdb_env_create(&env);
    mdb_env_set_maxdbs(env, 8);
    REQUIRE(mdb_env_open(env, fixture.options().directory.c_str(), 0, 0600) == 0);
    REQUIRE(mdb_txn_begin(env, nullptr, 0, &txn) == 0);
    REQUIRE(mdb_dbi_open(txn, "open", 0, &dbi) == 0);
    MDB_val key{16, const_cast<std::uint8_t*>(order.bytes.data())}, value;
    REQUIRE(mdb_get(txn, dbi, &key, &value) == 0);
    std::string row(static_cast<const char*>(value.mv_data), value.mv_size);
    row[checksum_bytes] ^= 1;
    MDB_val damaged{row.size(), row.data()};
    REQUIRE(mdb_put(txn, dbi, &key, &damaged, 0) == 0);
    REQUIRE(mdb_txn_commit(txn) == 0);
    mdb_env_close(env);
  }
  fixture.reopen();
  CHECK_THROWS_AS(fixture.journal->order(order), CorruptRow);
  CHECK_THROWS_WITH(fixture.journal->order(order),
                    Catch::Contains("open") && Catch::Contains(hex_encode(bytes_of(order.bytes))));
}

TEST_CASE("a row under another key fails its checksum") {
  CHECK(row_checksum(3, "key1", "row") != row_checksum(3, "key2", "row"));
  CHECK(row_checksum(3, "key1", "row") != row_checksum(4, "key1", "row"));
}

TEST_CASE("starts are counted durably") {
  Fixture fixture;
  CHECK(fixture.journal->next_start(0) == 1);
  fixture.reopen();
  CHECK(fixture.journal->next_start(0) == 2);
}

TEST_CASE("a full map stores nothing of the batch, says so, and the journal goes on") {
  TemporaryDirectory directory;
  LmdbJournal journal({.directory = directory.path() / "journal", .map_bytes = 200 * 1024});
  OrderIdGenerator ids(nil_uuid);
  std::uint64_t stored = 0;
  bool refused = false;
  for (std::int64_t i = 1; i < 2'000 && !refused; ++i) {
    OrderBody body;
    body.customer_id = "c";
    body.idempotency_key = std::to_string(i);
    std::string encoded;
    encode(encoded, body);
    const NewOrder created{idempotency_key_of("c", body.idempotency_key), encoded};
    Change change;
    change.order = ids.next(i * 1000, 1);
    change.state.phase = Phase::charge;
    change.state.version = 1;
    change.event = Event{.ts = i,
                         .type = EventType::order_created,
                         .order = change.order,
                         .version = 1,
                         .status = Status::pending_payment};
    change.created = &created;
    try {
      std::vector<Change> changes{change};
      (void)journal.apply(changes);
      ++stored;
    } catch (const StorageUnavailable&) {
      refused = true;
    }
  }
  REQUIRE(refused);
  CHECK(journal.totals().last_seq == stored);
  CHECK(journal.read(1, 10'000, 1 << 24).count == stored);
  CHECK_FALSE(journal.find(idempotency_key_of("c", std::to_string(stored + 1))));
}

TEST_CASE("orders are listed behind a given one, in order, as long as they are wanted") {
  Fixture fixture;
  const Uuid a = fixture.create("a");
  const Uuid b = fixture.create("b");
  const Uuid c = fixture.create("c");
  std::vector<Uuid> seen;
  fixture.journal->orders(a, 10, [&](const Uuid& id, const StoredOrder&) { return seen.push_back(id), true; });
  CHECK(seen == std::vector{b, c});
  seen.clear();
  fixture.journal->orders(std::nullopt, 10,
                          [&](const Uuid& id, const StoredOrder&) { return seen.push_back(id), false; });
  CHECK(seen == std::vector{a});
}

TEST_CASE("a start's number is above all before it and at least what is asked for") {
  Fixture fixture;
  CHECK(fixture.journal->next_start(1'000) == 1'000);
  CHECK(fixture.journal->next_start(500) == 1'001);
  fixture.reopen();
  CHECK(fixture.journal->next_start(0) == 1'002);
}

TEST_CASE("a copy of a journal is a journal with the same events, and batches go on meanwhile") {
  Fixture fixture;
  const TemporaryDirectory to;
  const Uuid first = fixture.create("first");
  for (int i = 0; i < 3'000; ++i) fixture.create(std::to_string(i));
  std::future<JournalCopy> copying =
      std::async(std::launch::async, [&] { return fixture.journal->copy_to(to.path()); });
  int more = 0;
  do fixture.create("more-" + std::to_string(more++));
  while (copying.wait_for(std::chrono::seconds(0)) != std::future_status::ready);
  const JournalCopy copy = copying.get();
  CHECK(copy.last_seq >= 3'001);
  CHECK(copy.last_seq <= fixture.journal->totals().last_seq);
  CHECK(copy.bytes == std::filesystem::file_size(to.path() / "data.mdb"));
  CHECK_FALSE(std::filesystem::exists(to.path() / "lock.mdb"));
  LmdbJournal copied({.directory = to.path()});
  CHECK(copied.totals().last_seq == copy.last_seq);
  CHECK(copied.order(first)->body.idempotency_key == "first");
  CHECK(copied.read(1, 10, 1 << 20).events == fixture.journal->read(1, 10, 1 << 20).events);
  CHECK(copied.find(idempotency_key_of("customer", "first")) == first);
}

TEST_CASE("a copy that was ended, or has no room, leaves nothing behind, and the journal goes on") {
  Fixture fixture;
  fixture.create("a");
  const TemporaryDirectory to;
  CHECK_THROWS(fixture.journal->copy_to(to.path() / "missing"));
  std::ofstream(to.path() / "data.mdb") << "somebody else's";
  CHECK_THROWS(fixture.journal->copy_to(to.path()));
  CHECK(std::filesystem::file_size(to.path() / "data.mdb") == 15);
  std::filesystem::remove(to.path() / "data.mdb");
  CHECK(fixture.journal->copy_to(to.path()).last_seq == 1);
  std::filesystem::remove(to.path() / "data.mdb");
  fixture.journal->end_copies();
  CHECK_THROWS_AS(fixture.journal->copy_to(to.path()), CopyEnded);
  CHECK(std::filesystem::is_empty(to.path()));
  fixture.create("b");
  CHECK(fixture.journal->totals().last_seq == 2);
}
