#include "broker/journal/lmdb_journal.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "broker/daemon/planted_bug.hpp"
#include "broker/journal/lmdb_copy.hpp"
#include "schema/upstream.hpp"

namespace circuit::journal {
namespace {

constexpr unsigned tables = 6;

template <class T>
std::string as_bytes(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
template <class T>
T from_bytes(std::string_view bytes, const char* what) {
  T value;
  if (bytes.size() != sizeof value) throw CorruptRow(std::string("journal: meta.") + what + " has the wrong size");
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// An event's row: the order's previous seq, then the event's bytes.
constexpr std::size_t previous_seq_bytes = sizeof(std::uint64_t);
std::uint64_t previous_seq_of(std::string_view row) {
  std::uint64_t seq;
  std::memcpy(&seq, row.data(), sizeof seq);
  return seq;
}

}  // namespace

IdempotencyKey idempotency_key_of(std::string_view customer_id, std::string_view key, std::string_view upstream) {
  // The customer's id has no NUL (it is printable) and is not empty, so the parts can't be confused.
  std::array<char, 512> bytes;
  if (!schema::is_network_upstream(upstream)) upstream = {};
  const std::size_t size = (upstream.empty() ? 0 : upstream.size() + 2) + customer_id.size() + 1 + key.size();
  CIRCUIT_CHECK(size <= bytes.size(), "the limits of upstream, customer_id and idempotency_key bound their sum");
  char* end = bytes.data();
  if (!upstream.empty()) {
    *end++ = '\0';
    end = std::copy(upstream.begin(), upstream.end(), end);
    *end++ = '\0';
  }
  end = std::copy(customer_id.begin(), customer_id.end(), end);
  *end++ = '\0';
  std::copy(key.begin(), key.end(), end);
  return schema::blake2b_16(schema::bytes_of(std::string_view(bytes.data(), size)));
}

LmdbJournal::LmdbJournal(LmdbJournalOptions options) : options_(std::move(options)) { open(); }

void LmdbJournal::open() {
  environment_ = std::make_unique<Environment>(options_.directory, options_.map_bytes, tables);
  WriteTransaction transaction(*environment_);
  meta_.open(transaction);
  orders_.open(transaction);
  open_.open(transaction);
  finished_.open(transaction);
  events_.open(transaction);
  idempotency_.open(transaction);
  check_format(transaction);
  transaction.commit();
  load(ReadTransaction(*environment_));
}

void LmdbJournal::check_format(WriteTransaction& transaction) {
  const auto held = meta_.get(transaction, "format");
  if (!held) {
    meta_.put(transaction, "format", as_bytes(schema::journal_format));
    return;
  }
  const auto format = from_bytes<std::uint32_t>(*held, "format");
  if (format != schema::journal_format)
    throw std::runtime_error("the journal in " + options_.directory.string() + " has format " + std::to_string(format) +
                             ", this program reads format " + std::to_string(schema::journal_format) +
                             ": run the version of Circuit that wrote it, or restore a backup made for this one");
}

void LmdbJournal::load(const ReadTransaction& transaction) {
  totals_ = {};
  if (const auto held = meta_.get(transaction, "totals")) {
    schema::Document document;
    if (!schema::decode(document, *held, totals_)) throw CorruptRow("journal: meta.totals can't be read");
    // A version with fewer types of events may have written it.
    if (!totals_.event_counts.empty()) totals_.event_counts.resize(schema::event_type_names.size());
  }
  const auto last = events_.last_key(transaction);
  last_seq_ = last ? SeqKey::seq_of(*last) : 0;
  if (totals_.last_seq != last_seq_)
    throw CorruptRow("journal: the totals count events up to " + std::to_string(totals_.last_seq) +
                     ", but the last is " + std::to_string(last_seq_) + ". Restore the newest backup");
  const auto batch = meta_.get(transaction, "batch");
  batch_ = batch ? from_bytes<std::uint64_t>(*batch, "batch") : 0;
  const auto merged = meta_.get(transaction, "idempotency_merged_seq");
  merged_mark_ = merged ? from_bytes<MergedMark>(*merged, "idempotency_merged_seq") : MergedMark{};
  const auto last_order = orders_.last_key(transaction);
  last_created_ = last_order ? uuid_of(*last_order) : schema::nil_uuid;
  rebuild_recent_keys(transaction);
}

void LmdbJournal::rebuild_recent_keys(const ReadTransaction& transaction) {
  recent_ = {};
  absent_ = {};
  frozen_keys_ = {};
  frozen_.clear();
  frozen_merged_ = frozen_in_batch_ = 0;
  const std::string from(merged_mark_.order == schema::nil_uuid ? std::string_view{} : key_bytes(merged_mark_.order));
  orders_.scan(transaction, from, [&](std::string_view key, const schema::OrderBody& body) {
    const schema::Uuid order = uuid_of(key);
    if (order != merged_mark_.order)
      recent_.insert(idempotency_key_of(body.customer_id, body.idempotency_key, body.upstream), order);
    return true;
  });
}

const Applied& LmdbJournal::apply(std::vector<Change>& changes) {
  applied_.outcomes.clear();
  applied_.events.clear();
  applied_.event_ends.clear();
  frozen_in_batch_ = 0;
  ++batch_;
  try {
    WriteTransaction transaction(*environment_);
    apply_to(transaction, changes);
#ifdef CIRCUIT_PLANTED_BUGS
    if (daemon::is_planted(daemon::PlantedBug::publish_before_commit) && applied_.event_count() > 0)
      daemon::planted_publish(applied_.events, applied_.event_ends);
#endif
    transaction.commit();
  } catch (const LmdbError& error) {
    // A commit that reports an error may be on the disk all the same: only a look can tell. Reopening reads everything
    // again that this object keeps in memory.
    spdlog::error("journal: {}; reopening to see whether the batch is on the disk", error.what());
    if (!reopen_and_look()) throw StorageUnavailable(error.what());
    return applied_;
  }
  finish_merge();
  return applied_;
}

LmdbJournal::Cursors::Cursors(const WriteTransaction& transaction, const LmdbJournal& journal)
    : orders_end(transaction, journal.orders_.dbi()),
      events_end(transaction, journal.events_.dbi()),
      open(transaction, journal.open_.dbi()),
      finished(transaction, journal.finished_.dbi()) {}

void LmdbJournal::apply_to(WriteTransaction& transaction, std::vector<Change>& changes) {
  applied_.outcomes.reserve(changes.size());
  {
    Cursors cursors(transaction, *this);
    for (Change& change : changes) applied_.outcomes.push_back(apply_one(transaction, cursors, change));
  }
  merge_slice(transaction);
  write_meta(transaction);
}

ChangeOutcome LmdbJournal::apply_one(WriteTransaction& transaction, Cursors& cursors, Change& change) {
  if (change.created) return create(transaction, cursors, change);
  auto held = open_.get_at(cursors.open, change.order);
  const bool was_open = held.has_value();
  if (!held) held = finished_.get(transaction, change.order);
  if (!held || held->version != change.expected_version) return {Verdict::conflict};
  schema::OrderState state = change.state;
  state.last_seq = held->last_seq;
  if (change.event) state.last_seq = append_event(cursors, *change.event, held->last_seq);
  put_state(transaction, cursors, change.order, state, was_open);
  return {Verdict::ok, change.event ? state.last_seq : 0};
}

ChangeOutcome LmdbJournal::create(WriteTransaction& transaction, Cursors& cursors, Change& change) {
  const IdempotencyKey& key = change.created->idempotency_key;
  if (!daemon::is_planted(daemon::PlantedBug::idempotency_off)) {
    if (!absent_.take(key))
      if (const auto first = find_merged(transaction, key)) return {Verdict::replay, 0, *first};
    if (const auto first = recent_.insert(key, change.order)) return {Verdict::replay, 0, *first};
  }
  CIRCUIT_CHECK(change.event && last_created_ < change.order, "a new order has an event and an id above all others");
  schema::OrderState state = change.state;
  state.last_seq = append_event(cursors, *change.event, 0);
  orders_.append_at(cursors.orders_end, change.order, {change.created->body});
  open_.put(transaction, change.order, state, MDB_APPEND);
  last_created_ = change.order;
  return {Verdict::ok, state.last_seq};
}

std::uint64_t LmdbJournal::append_event(Cursors& cursors, schema::Event& event, std::uint64_t previous_seq) {
  event.seq = ++last_seq_;
  const std::size_t start = applied_.events.size();
  schema::encode_event(applied_.events, event);
  applied_.event_ends.push_back(applied_.events.size());
  const std::string_view previous(reinterpret_cast<const char*>(&previous_seq), previous_seq_bytes);
  events_.append_at(cursors.events_end, SeqKey(event.seq), {previous, std::string_view(applied_.events).substr(start)});
  totals_.add(event);
  return event.seq;
}

void LmdbJournal::put_state(WriteTransaction& transaction, Cursors& cursors, const schema::Uuid& order,
                            const schema::OrderState& state, bool was_open) {
  const bool stays_open = state.phase != schema::Phase::none;
  if (stays_open && was_open) return open_.replace_at(cursors.open, order, state);
  if (stays_open) {
    open_.put(transaction, order, state);
    finished_.erase(transaction, order);
    return;
  }
  finished_.put_at(cursors.finished, order, state);
  if (was_open) open_.erase_at(cursors.open);
}

void LmdbJournal::write_meta(WriteTransaction& transaction) {
  std::string totals;
  schema::encode(totals, totals_);
  meta_.put(transaction, "totals", totals);
  meta_.put(transaction, "batch", as_bytes(batch_));
}

void LmdbJournal::merge_slice(WriteTransaction& transaction) {
  if (frozen_.empty() && recent_.size() >= options_.recent_keys_max) {
    frozen_keys_ = std::exchange(recent_, {});
    frozen_ = frozen_keys_.sorted();
    frozen_merged_ = 0;
    frozen_mark_ = {last_seq_, last_created_};
  }
  if (frozen_.empty()) return;
  const std::size_t end = std::min(frozen_.size(), frozen_merged_ + options_.merge_slice_keys);
  Cursor cursor(transaction, idempotency_.dbi());
  for (std::size_t i = frozen_merged_; i < end; ++i) idempotency_.put_at(cursor, frozen_[i].key, frozen_[i].order);
  frozen_in_batch_ = end - frozen_merged_;
  if (end == frozen_.size()) meta_.put(transaction, "idempotency_merged_seq", as_bytes(frozen_mark_));
}

void LmdbJournal::finish_merge() {
  frozen_merged_ += std::exchange(frozen_in_batch_, 0);
  if (frozen_.empty() || frozen_merged_ < frozen_.size()) return;
  merged_mark_ = frozen_mark_;
  frozen_keys_ = {};
  frozen_ = {};
  frozen_merged_ = 0;
}

bool LmdbJournal::reopen_and_look() {
  const std::uint64_t wanted = batch_;
  reopening_waits_ = true;
  const std::unique_lock lock(reopening_);
  reopening_waits_ = false;
  environment_.reset();
  open();
  if (batch_ != wanted) return false;
  // What was read may so far be in the kernel's memory only: a failed write leaves pages behind that pass for clean.
  // One more commit, to the other meta page, carries all of it to the disk, or fails: then the batch can neither be
  // acknowledged nor refused, and the process ends.
  (void)count_up("reopenings");
  return true;
}

std::uint64_t LmdbJournal::count_up(std::string_view counter, std::uint64_t at_least) {
  WriteTransaction transaction(*environment_);
  const auto held = meta_.get(transaction, counter);
  const std::uint64_t count = std::max(at_least, (held ? from_bytes<std::uint64_t>(*held, counter.data()) : 0) + 1);
  meta_.put(transaction, counter, as_bytes(count));
  transaction.commit();
  return count;
}

std::optional<schema::OrderState> LmdbJournal::state(const ReadTransaction& transaction, const schema::Uuid& id) const {
  if (auto held = open_.get(transaction, id)) return held;
  return finished_.get(transaction, id);
}

std::optional<StoredOrder> LmdbJournal::order(const schema::Uuid& id) {
  const ReadTransaction transaction(*environment_);
  auto body = orders_.get(transaction, id);
  if (!body) return std::nullopt;
  const auto held = state(transaction, id);
  if (!held) throw_corrupt_row("open", key_bytes(id), "is missing for an order");
  return StoredOrder{*held, std::move(*body)};
}

std::vector<std::string> LmdbJournal::history(const schema::Uuid& id) {
  const ReadTransaction transaction(*environment_);
  std::vector<std::string> events;
  const auto held = state(transaction, id);
  for (std::uint64_t seq = held ? held->last_seq : 0; seq != 0;) {
    const auto row = events_.get(transaction, SeqKey(seq));
    if (!row || row->size() < previous_seq_bytes) throw_corrupt_row("events", key_bytes(SeqKey(seq)), "is missing");
    events.emplace_back(row->substr(previous_seq_bytes));
    seq = previous_seq_of(*row);
  }
  std::reverse(events.begin(), events.end());
  return events;
}

std::optional<schema::Uuid> LmdbJournal::find(const IdempotencyKey& key) {
  if (const auto order = recent_.find(key)) return order;
  if (frozen_.empty() && !table_has_keys()) return std::nullopt;
  const auto order = find_merged(ReadTransaction(*environment_), key);
  if (!order) absent_.add(key);
  return order;
}

std::optional<schema::Uuid> LmdbJournal::find_merged(const ReadTransaction& transaction,
                                                     const IdempotencyKey& key) const {
  if (const auto order = frozen_keys_.find(key)) return order;
  return table_has_keys() ? idempotency_.get(transaction, key) : std::nullopt;
}

EventRange LmdbJournal::read(std::uint64_t from_seq, std::uint32_t events_max, std::size_t bytes_max) {
  const std::shared_lock lock(reopening_);
  const ReadTransaction transaction(*environment_);
  EventRange range;
  const SeqKey from(from_seq);
  events_.scan(transaction, key_bytes(from), [&](std::string_view, std::string_view row) {
    if (range.count == events_max || range.events.size() >= bytes_max) return false;
    range.events.append(row.substr(previous_seq_bytes));
    ++range.count;
    return true;
  });
  return range;
}

std::uint32_t LmdbJournal::open_orders(
    const std::optional<schema::Uuid>& after, std::uint32_t max,
    const std::function<void(const schema::Uuid&, const schema::OrderState&)>& visit) {
  const ReadTransaction transaction(*environment_);
  std::uint32_t visited = 0;
  open_.scan(transaction, after ? key_bytes(*after) : std::string_view{},
             [&](std::string_view key, const schema::OrderState& state) {
               const schema::Uuid id = uuid_of(key);
               if (after && id == *after) return true;
               if (visited == max) return false;
               ++visited;
               visit(id, state);
               return true;
             });
  return visited;
}

void LmdbJournal::orders(const std::optional<schema::Uuid>& after, std::uint32_t max,
                         const std::function<bool(const schema::Uuid&, const StoredOrder&)>& visit) {
  const ReadTransaction transaction(*environment_);
  std::uint32_t examined = 0;
  orders_.scan(transaction, after ? key_bytes(*after) : std::string_view{},
               [&](std::string_view key, schema::OrderBody body) {
                 const schema::Uuid id = uuid_of(key);
                 if (after && id == *after) return true;
                 if (examined++ == max) return false;
                 const auto held = state(transaction, id);
                 if (!held) throw_corrupt_row("open", key, "is missing for an order");
                 return visit(id, StoredOrder{*held, std::move(body)});
               });
}

schema::Uuid LmdbJournal::last_order() { return last_created_; }

std::uint64_t LmdbJournal::next_start(std::uint64_t at_least) { return count_up("starts", at_least); }

std::uint64_t LmdbJournal::free_bytes() {
  struct statvfs file_system {};
  if (statvfs(options_.directory.c_str(), &file_system) != 0)
    throw std::system_error(errno, std::generic_category(), "reading the free space of " + options_.directory.string());
  const std::uint64_t on_disk = std::uint64_t{file_system.f_bavail} * file_system.f_frsize;
  const std::uint64_t used = environment_->used_bytes();
  return std::min<std::uint64_t>(on_disk, options_.map_bytes > used ? options_.map_bytes - used : 0);
}

void LmdbJournal::maintain() { environment_->check_readers(); }

JournalCopy LmdbJournal::copy_to(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / "data.mdb";
  {
    const std::shared_lock lock(reopening_);
    copy_environment(*environment_, file, [this] { return !reopening_waits_ && !closing_; });
  }
  try {
    return look_at_copy(directory, file);
  } catch (...) {
    std::filesystem::remove(file);
    throw;
  }
}

// That the copy can be read: its totals and its newest event say the same seq.
JournalCopy LmdbJournal::look_at_copy(const std::filesystem::path& directory, const std::filesystem::path& file) {
  const std::uint64_t bytes = std::filesystem::file_size(file);
  const Environment copy = Environment::look_at(directory, bytes, tables);
  const ReadTransaction transaction(copy);
  Table<MetaTable> meta;
  Table<EventsTable> events;
  meta.find(transaction);
  events.find(transaction);
  schema::Totals totals;
  if (const auto held = meta.get(transaction, "totals")) {
    schema::Document document;
    if (!schema::decode(document, *held, totals)) throw CorruptRow("the journal's copy: meta.totals can't be read");
  }
  const auto last = events.last_key(transaction);
  if (totals.last_seq != (last ? SeqKey::seq_of(*last) : 0))
    throw CorruptRow("the journal's copy: its totals are not those of its events");
  return {totals.last_seq, bytes};
}

}  // namespace circuit::journal
