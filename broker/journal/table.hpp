// A typed table of the journal: a Spec names its Key and Row once. Each stored row starts with a checksum of its table,
// key and bytes, because LMDB has none: a row that was damaged, or stands under another key, stops the process and
// names itself.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "broker/journal/lmdb.hpp"
#include "schema/codec.hpp"
#include "schema/crypto.hpp"
#include "schema/rows.hpp"
#include "schema/uuid.hpp"

namespace circuit::journal {

class CorruptRow : public std::runtime_error {
  using runtime_error::runtime_error;
};

// XXH3, 64 bits, of the bytes; the seed is the hash of the key, whose seed is the table's number.
[[nodiscard]] std::uint64_t row_checksum(std::uint32_t table, std::string_view key, std::string_view bytes);
[[noreturn]] void throw_corrupt_row(const char* table, std::string_view key, const char* what);

inline constexpr std::size_t checksum_bytes = sizeof(std::uint64_t);

// Keys keep their order as bytes.
struct SeqKey {
  char bytes[8];
  explicit SeqKey(std::uint64_t seq) {
    const std::uint64_t big_endian = __builtin_bswap64(seq);
    std::memcpy(bytes, &big_endian, sizeof bytes);
  }
  static std::uint64_t seq_of(std::string_view key) {
    std::uint64_t big_endian = 0;
    std::memcpy(&big_endian, key.data(), sizeof big_endian);
    return __builtin_bswap64(big_endian);
  }
};
inline std::string_view key_bytes(const SeqKey& key) { return {key.bytes, sizeof key.bytes}; }
inline std::string_view key_bytes(const schema::Uuid& key) {
  return {reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()};
}
inline std::string_view key_bytes(const schema::Hash16& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}
inline std::string_view key_bytes(std::string_view key) { return key; }
inline schema::Uuid uuid_of(std::string_view key) {
  schema::Uuid uuid;
  std::memcpy(uuid.bytes.data(), key.data(), uuid.bytes.size());
  return uuid;
}

// A row as bytes: trivially copyable structs as they are, structs with members by schema/codec, strings verbatim. A row
// that is a view is one of LMDB's page: it ends with the transaction, or with the next change in it.
// `scratch` holds the bytes when they are made here.
template <class Row>
[[nodiscard]] std::string_view row_bytes(std::string& scratch, const Row& row) {
  if constexpr (schema::HasMembers<Row>) {
    scratch.clear();
    schema::encode(scratch, row);
    return scratch;
  } else if constexpr (std::is_convertible_v<const Row&, std::string_view>) {
    return std::string_view(row);
  } else {
    return {reinterpret_cast<const char*>(&row), sizeof row};
  }
}
template <class Row>
[[nodiscard]] bool read_row(std::string_view bytes, Row& row) {
  if constexpr (schema::HasMembers<Row>) {
    schema::Document document;
    return schema::decode(document, bytes, row);
  } else if constexpr (std::is_same_v<Row, std::string> || std::is_same_v<Row, std::string_view>) {
    row = Row(bytes);
    return true;
  } else {
    static_assert(std::is_trivially_copyable_v<Row>);
    if (bytes.size() != sizeof row) return false;
    std::memcpy(&row, bytes.data(), sizeof row);
    return true;
  }
}

template <class Spec>
class Table {
 public:
  using Key = typename Spec::Key;
  using Row = typename Spec::Row;

  void open(const WriteTransaction& transaction) {
    check_lmdb(mdb_dbi_open(transaction.get(), Spec::name, MDB_CREATE, &dbi_), Spec::name);
  }

  // Of a database that is only looked at. Throws when it has no such table.
  void find(const ReadTransaction& transaction) {
    check_lmdb(mdb_dbi_open(transaction.get(), Spec::name, 0, &dbi_), Spec::name);
  }

  [[nodiscard]] std::optional<Row> get(const ReadTransaction& transaction, const Key& key) const {
    MDB_val k = to_val(key_bytes(key)), v;
    const int code = mdb_get(transaction.get(), dbi_, &k, &v);
    if (code == MDB_NOTFOUND) return std::nullopt;
    check_lmdb(code, Spec::name);
    return decode(key_bytes(key), to_view(v));
  }
  // With MDB_APPEND the key must be behind all others.
  void put(const WriteTransaction& transaction, const Key& key, const Row& row, unsigned flags = 0) {
    const std::string_view bytes = row_bytes(scratch_, row);
    MDB_val k = to_val(key_bytes(key)), v = {checksum_bytes + bytes.size(), nullptr};
    check_lmdb(mdb_put(transaction.get(), dbi_, &k, &v, flags | MDB_RESERVE), Spec::name);
    fill(v, key, {bytes});
  }
  // The same on a cursor, which then stands on the row: what follows near it needs no search from the root.
  [[nodiscard]] std::optional<Row> get_at(Cursor& cursor, const Key& key) const {
    MDB_val k = to_val(key_bytes(key)), v;
    if (!cursor.move(k, v, MDB_SET)) return std::nullopt;
    return decode(key_bytes(key), to_view(v));
  }
  void put_at(Cursor& cursor, const Key& key, const Row& row) {
    put_parts_at(cursor, key, {row_bytes(scratch_, row)}, 0);
  }
  // On the row that the cursor stands on.
  void replace_at(Cursor& cursor, const Key& key, const Row& row) {
    put_parts_at(cursor, key, {row_bytes(scratch_, row)}, MDB_CURRENT);
  }
  // Behind all others, from encoded bytes in one part or more. The cursor must be used for nothing else.
  void append_at(Cursor& cursor, const Key& key, std::initializer_list<std::string_view> parts) {
    put_parts_at(cursor, key, parts, MDB_APPEND);
  }
  void erase_at(Cursor& cursor) { check_lmdb(mdb_cursor_del(cursor.get(), 0), Spec::name); }
  [[nodiscard]] MDB_dbi dbi() const { return dbi_; }

  // False when it was not there.
  bool erase(const WriteTransaction& transaction, const Key& key) {
    MDB_val k = to_val(key_bytes(key));
    const int code = mdb_del(transaction.get(), dbi_, &k, nullptr);
    if (code == MDB_NOTFOUND) return false;
    check_lmdb(code, Spec::name);
    return true;
  }
  [[nodiscard]] std::optional<std::string> last_key(const ReadTransaction& transaction) const {
    Cursor cursor(transaction, dbi_);
    MDB_val k, v;
    if (!cursor.move(k, v, MDB_LAST)) return std::nullopt;
    return std::string(to_view(k));
  }
  // From the first key that is not below `from` on, as long as `visit(key bytes, row)` answers true.
  template <class Visit>
  void scan(const ReadTransaction& transaction, std::string_view from, Visit&& visit) const {
    Cursor cursor(transaction, dbi_);
    MDB_val k = to_val(from), v;
    bool found = from.empty() ? cursor.move(k, v, MDB_FIRST) : cursor.move(k, v, MDB_SET_RANGE);
    while (found && visit(to_view(k), decode(to_view(k), to_view(v)))) found = cursor.move(k, v, MDB_NEXT);
  }

 private:
  void put_parts_at(Cursor& cursor, const Key& key, std::initializer_list<std::string_view> parts, unsigned flags) {
    std::size_t size = checksum_bytes;
    for (const std::string_view part : parts) size += part.size();
    MDB_val k = to_val(key_bytes(key)), v = {size, nullptr};
    check_lmdb(mdb_cursor_put(cursor.get(), &k, &v, flags | MDB_RESERVE), Spec::name);
    fill(v, key, parts);
  }
  // Writes a row into the room that LMDB made for it in its page.
  static void fill(const MDB_val& reserved, const Key& key, std::initializer_list<std::string_view> parts) {
    char* const bytes = static_cast<char*>(reserved.mv_data) + checksum_bytes;
    char* end = bytes;
    for (const std::string_view part : parts) end = std::copy(part.begin(), part.end(), end);
    const std::uint64_t checksum =
        row_checksum(Spec::number, key_bytes(key), {bytes, static_cast<std::size_t>(end - bytes)});
    std::memcpy(reserved.mv_data, &checksum, sizeof checksum);
  }
  static Row decode(std::string_view key, std::string_view stored) {
    std::uint64_t checksum = 0;
    if (stored.size() < checksum_bytes) throw_corrupt_row(Spec::name, key, "is too short");
    std::memcpy(&checksum, stored.data(), sizeof checksum);
    const std::string_view bytes = stored.substr(checksum_bytes);
    if (checksum != row_checksum(Spec::number, key, bytes)) throw_corrupt_row(Spec::name, key, "fails its checksum");
    Row row{};
    if (!read_row(bytes, row)) throw_corrupt_row(Spec::name, key, "can't be read");
    return row;
  }

  MDB_dbi dbi_ = 0;
  std::string scratch_;  // of rows that are encoded
};

}  // namespace circuit::journal
