// Customers' inputs, stored by their hash and durable before their order is. A thread of its own does the hashing and
// the waiting for the disk, so that neither is on the commit's path. An input is a MessagePack map; its file is
// inputs/<first two hex digits>/<SHA-256 in hex>.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "broker/daemon/files.hpp"
#include "broker/intake/route.hpp"

namespace circuit::intake {

struct InputJob {
  enum class Step : std::uint8_t { hash, store };
  Step step = Step::hash;
  Route route;
  zmq::message_t message;  // the whole request
  std::string input;       // packed, after `hash`
  std::string sha256;      // 32 bytes, after `hash`
  std::string fault;       // after `hash`: what is wrong with the input; after `store`: why it could not be stored
  std::string fault_field;
};

class InputStore {
 public:
  explicit InputStore(std::filesystem::path directory);
  ~InputStore();

  void submit(InputJob job);
  // Jobs whose step is done. `event_fd` is readable when there are some.
  [[nodiscard]] std::vector<InputJob> take_done();
  [[nodiscard]] int event_fd() const { return event_.get(); }
  // Bytes of messages and inputs that are under way.
  [[nodiscard]] std::size_t bytes_in_flight() const { return bytes_in_flight_; }

 private:
  void run();
  void store(std::vector<InputJob*>& jobs);

  std::filesystem::path directory_;
  std::set<std::filesystem::path> synced_;  // of the thread: directories whose names are known to be durable
  daemon::FileDescriptor event_;
  std::size_t bytes_in_flight_ = 0;  // of the loop's thread
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<InputJob> waiting_;
  std::vector<InputJob> done_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace circuit::intake
