// The journal in LMDB. Tables:
//   meta         word → bytes        format, starts, reopenings, totals, idempotency_merged, batch
//   orders       order → OrderBody   what was ordered; written once, in append mode (ids rise)
//   open         order → OrderState  orders that wait for something; small, so that a commit dirties few pages
//   finished     order → OrderState  the others
//   events       seq → EventRow      append mode; each event keeps its order's previous seq, so a history is a walk,
//   not a scan idempotency  key → order         the one random index: recent keys stay in memory and are merged in
//   sorted bulk
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <shared_mutex>

#include "broker/journal/journal.hpp"
#include "broker/journal/recent_keys.hpp"
#include "broker/journal/table.hpp"

namespace circuit::journal {

struct LmdbJournalOptions {
  std::filesystem::path directory;
  std::size_t map_bytes = std::size_t{1} << 40;
  std::size_t recent_keys_max = 500'000;
  std::size_t merge_slice_keys = 2'000;  // merged with each batch
};

class LmdbJournal final : public Journal {
 public:
  explicit LmdbJournal(LmdbJournalOptions options);

  const Applied& apply(std::vector<Change>& changes) override;
  std::optional<StoredOrder> order(const schema::Uuid& id) override;
  std::vector<std::string> history(const schema::Uuid& id) override;
  std::optional<schema::Uuid> find(const IdempotencyKey& key) override;
  EventRange read(std::uint64_t from_seq, std::uint32_t events_max, std::size_t bytes_max) override;
  std::uint32_t open_orders(const std::optional<schema::Uuid>& after, std::uint32_t max,
                            const std::function<void(const schema::Uuid&, const schema::OrderState&)>& visit) override;
  void orders(const std::optional<schema::Uuid>& after, std::uint32_t max,
              const std::function<bool(const schema::Uuid&, const StoredOrder&)>& visit) override;
  const schema::Totals& totals() const override { return totals_; }
  schema::Uuid last_order() override;
  std::uint64_t next_start(std::uint64_t at_least) override;
  std::uint64_t free_bytes() override;
  void maintain() override;
  JournalCopy copy_to(const std::filesystem::path& directory) override;
  void end_copies() override { closing_ = true; }

 private:
  struct MetaTable {
    static constexpr const char* name = "meta";
    static constexpr std::uint32_t number = 1;
    using Key = std::string_view;
    using Row = std::string;
  };
  struct OrdersTable {
    static constexpr const char* name = "orders";
    static constexpr std::uint32_t number = 2;
    using Key = schema::Uuid;
    using Row = schema::OrderBody;
  };
  struct OpenTable {
    static constexpr const char* name = "open";
    static constexpr std::uint32_t number = 3;
    using Key = schema::Uuid;
    using Row = schema::OrderState;
  };
  struct FinishedTable {
    static constexpr const char* name = "finished";
    static constexpr std::uint32_t number = 4;
    using Key = schema::Uuid;
    using Row = schema::OrderState;
  };
  // A row is the order's previous seq and the event's bytes.
  struct EventsTable {
    static constexpr const char* name = "events";
    static constexpr std::uint32_t number = 5;
    using Key = SeqKey;
    using Row = std::string_view;
  };
  struct IdempotencyTable {
    static constexpr const char* name = "idempotency";
    static constexpr std::uint32_t number = 6;
    using Key = IdempotencyKey;
    using Row = schema::Uuid;
  };
  // Up to where the idempotency table is complete.
  struct MergedMark {
    std::uint64_t seq = 0;
    schema::Uuid order;
  };

  void open();
  void check_format(WriteTransaction& transaction);
  void load(const ReadTransaction& transaction);
  void rebuild_recent_keys(const ReadTransaction& transaction);
  // Of one transaction: where the last row of each table was read or written is near where the next one is.
  struct Cursors {
    Cursors(const WriteTransaction& transaction, const LmdbJournal& journal);
    Cursor orders_end, events_end;  // for appending only
    Cursor open, finished;
  };
  void apply_to(WriteTransaction& transaction, std::vector<Change>& changes);
  ChangeOutcome apply_one(WriteTransaction& transaction, Cursors& cursors, Change& change);
  ChangeOutcome create(WriteTransaction& transaction, Cursors& cursors, Change& change);
  std::uint64_t append_event(Cursors& cursors, schema::Event& event, std::uint64_t previous_seq);
  // With `was_open`, cursors.open stands on the order's row.
  void put_state(WriteTransaction& transaction, Cursors& cursors, const schema::Uuid& order,
                 const schema::OrderState& state, bool was_open);
  void write_meta(WriteTransaction& transaction);
  void merge_slice(WriteTransaction& transaction);
  void finish_merge();
  [[nodiscard]] static JournalCopy look_at_copy(const std::filesystem::path& directory,
                                                const std::filesystem::path& file);
  // After an error: closes and reopens the environment and says whether the batch is on the disk all the same.
  bool reopen_and_look();
  // Adds one to a counter of the meta table, or more if it is below `at_least`; durably.
  std::uint64_t count_up(std::string_view counter, std::uint64_t at_least = 0);
  std::optional<schema::OrderState> state(const ReadTransaction& transaction, const schema::Uuid& id) const;
  // Among the keys that left the recent ones.
  std::optional<schema::Uuid> find_merged(const ReadTransaction& transaction, const IdempotencyKey& key) const;
  // Keys that are being merged are in memory too, so only a finished merge makes the table worth a look.
  [[nodiscard]] bool table_has_keys() const { return merged_mark_.seq != 0; }

  LmdbJournalOptions options_;
  std::shared_mutex reopening_;  // shared by readers of other threads; exclusive while the environment is replaced
  std::atomic<bool> reopening_waits_ = false;  // a copy, which takes long, ends for it
  std::atomic<bool> closing_ = false;
  std::unique_ptr<Environment> environment_;
  Table<MetaTable> meta_;
  Table<OrdersTable> orders_;
  Table<OpenTable> open_;
  Table<FinishedTable> finished_;
  Table<EventsTable> events_;
  Table<IdempotencyTable> idempotency_;

  schema::Totals totals_;
  std::uint64_t last_seq_ = 0;
  std::uint64_t batch_ = 0;  // number of the newest transaction of apply()
  Applied applied_;

  RecentKeys recent_;                      // since the last freeze
  AbsentKeys absent_;                      // of those that find() looked for
  RecentKeys frozen_keys_;                 // being merged …
  std::vector<RecentKeys::Entry> frozen_;  // … in their order
  std::size_t frozen_merged_ = 0;          // of them, in committed transactions
  std::size_t frozen_in_batch_ = 0;        // merged by the transaction under way
  MergedMark frozen_mark_;                 // what is complete when the merge is
  MergedMark merged_mark_;
  schema::Uuid last_created_;
};

}  // namespace circuit::journal
