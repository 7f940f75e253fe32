// LMDB with RAII and exceptions. The environment is opened in the default, synchronous mode only: NOSYNC, NOMETASYNC,
// MAPASYNC and WRITEMAP lose data or die. One environment a process, never across fork.
#pragma once

#include <lmdb.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace circuit::journal {

class LmdbError : public std::runtime_error {
 public:
  LmdbError(int code, const std::string& what) : runtime_error(what + ": " + mdb_strerror(code)), code_(code) {}
  [[nodiscard]] int code() const { return code_; }

 private:
  int code_;
};

inline void check_lmdb(int code, const char* what) {
  if (code != MDB_SUCCESS) throw LmdbError(code, what);
}

class Environment {
 public:
  // Creates the directory's files when they are missing and makes their names durable.
  Environment(const std::filesystem::path& directory, std::size_t map_bytes, unsigned tables_max);
  // One that nobody writes to and that is only read: no lock, no new file. `bytes` is its file's size.
  [[nodiscard]] static Environment look_at(const std::filesystem::path& directory, std::size_t bytes,
                                           unsigned tables_max);
  [[nodiscard]] MDB_env* get() const { return env_.get(); }
  // Frees the slots of readers that died; they would keep old pages from being used again.
  void check_readers() const;
  [[nodiscard]] std::size_t used_bytes() const;

 private:
  struct Close {
    void operator()(MDB_env* env) const { mdb_env_close(env); }
  };
  Environment() = default;
  std::unique_ptr<MDB_env, Close> env_;
};

class ReadTransaction {
 public:
  explicit ReadTransaction(const Environment& environment) : ReadTransaction(environment, MDB_RDONLY) {}
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction() {
    if (txn_) mdb_txn_abort(txn_);
  }
  [[nodiscard]] MDB_txn* get() const { return txn_; }

 protected:
  ReadTransaction(const Environment& environment, unsigned flags) {
    check_lmdb(mdb_txn_begin(environment.get(), nullptr, flags, &txn_), "beginning a transaction");
  }
  MDB_txn* txn_ = nullptr;
};

// Rolls back unless committed.
class WriteTransaction : public ReadTransaction {
 public:
  explicit WriteTransaction(const Environment& environment) : ReadTransaction(environment, 0u) {}
  // Throws LmdbError: then the transaction may be on the disk all the same.
  void commit() {
    MDB_txn* txn = txn_;
    txn_ = nullptr;
    check_lmdb(mdb_txn_commit(txn), "committing");
  }
};

class Cursor {
 public:
  Cursor(const ReadTransaction& transaction, MDB_dbi table) {
    check_lmdb(mdb_cursor_open(transaction.get(), table, &cursor_), "opening a cursor");
  }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor() { mdb_cursor_close(cursor_); }
  // False when there is no such place.
  bool move(MDB_val& key, MDB_val& value, MDB_cursor_op where) {
    const int code = mdb_cursor_get(cursor_, &key, &value, where);
    if (code == MDB_NOTFOUND) return false;
    check_lmdb(code, "moving a cursor");
    return true;
  }
  [[nodiscard]] MDB_cursor* get() const { return cursor_; }

 private:
  MDB_cursor* cursor_ = nullptr;
};

inline MDB_val to_val(std::string_view bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }
inline std::string_view to_view(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

}  // namespace circuit::journal
