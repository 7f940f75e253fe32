#include "broker/journal/lmdb.hpp"

#include <fcntl.h>

#include <algorithm>

#include "broker/daemon/files.hpp"
#include "broker/daemon/planted_bug.hpp"

namespace circuit::journal {

Environment::Environment(const std::filesystem::path& directory, std::size_t map_bytes, unsigned tables_max) {
  std::filesystem::create_directories(directory);
  MDB_env* env = nullptr;
  check_lmdb(mdb_env_create(&env), "creating the journal's environment");
  env_.reset(env);
#ifdef __SANITIZE_THREAD__
  map_bytes = std::min(map_bytes, std::size_t{4} << 30);  // ThreadSanitizer leaves no room for more
#endif
  check_lmdb(mdb_env_set_mapsize(env, map_bytes), "setting the journal's map size");
  check_lmdb(mdb_env_set_maxdbs(env, tables_max), "setting the journal's tables");
  check_lmdb(mdb_env_set_maxreaders(env, 32), "setting the journal's readers");
  const bool without_sync = daemon::is_planted(daemon::PlantedBug::journal_nosync);
  // NOTLS: a read transaction belongs to its object, not to its thread. It has no part in durability.
  check_lmdb(mdb_env_open(env, directory.c_str(), without_sync ? MDB_NOTLS | MDB_NOSYNC : MDB_NOTLS, 0600),
             ("opening the journal in " + directory.string()).c_str());
  unsigned flags = 0;
  check_lmdb(mdb_env_get_flags(env, &flags), "reading the journal's flags");
  if (!without_sync && flags & (MDB_NOSYNC | MDB_NOMETASYNC | MDB_MAPASYNC | MDB_WRITEMAP))
    throw std::runtime_error("the journal is open in a mode that loses data");
  mdb_filehandle_t file = -1;
  check_lmdb(mdb_env_get_fd(env, &file), "reading the journal's file");
  fcntl(file, F_SETFD, FD_CLOEXEC);  // LMDB leaves it open for children
  check_readers();
  // LMDB does not make its files' names durable.
  daemon::sync_directory(directory);
  daemon::sync_directory(directory.parent_path());
}

Environment Environment::look_at(const std::filesystem::path& directory, std::size_t bytes, unsigned tables_max) {
  Environment environment;
  MDB_env* env = nullptr;
  check_lmdb(mdb_env_create(&env), "creating an environment");
  environment.env_.reset(env);
  check_lmdb(mdb_env_set_mapsize(env, bytes), "setting a map's size");
  check_lmdb(mdb_env_set_maxdbs(env, tables_max), "setting an environment's tables");
  check_lmdb(mdb_env_open(env, directory.c_str(), MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS, 0600),
             ("opening the journal in " + directory.string()).c_str());
  return environment;
}

void Environment::check_readers() const {
  if (daemon::is_planted(daemon::PlantedBug::dead_readers_kept)) return;
  int dead = 0;
  check_lmdb(mdb_reader_check(env_.get(), &dead), "checking for dead readers");
}

std::size_t Environment::used_bytes() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  check_lmdb(mdb_env_info(env_.get(), &info), "reading the journal's size");
  check_lmdb(mdb_env_stat(env_.get(), &stat), "reading the journal's page size");
  return (info.me_last_pgno + 1) * stat.ms_psize;
}

}  // namespace circuit::journal
