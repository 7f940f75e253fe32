// The workers that said hello: role, credit, and when they were last heard. A worker is known by its routing id.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "schema/work.hpp"

namespace circuit::dispatch {

struct Worker {
  std::uint32_t number = 0;
  std::string routing_id;
  std::string name;
  schema::Role role = schema::Role::payment;
  std::uint32_t credit = 0;
  std::uint32_t leased = 0;
  std::int64_t heard_at = 0;  // µs of the steady clock

  [[nodiscard]] std::uint32_t free_credit() const { return leased >= credit ? 0 : credit - leased; }
};

class Workers {
 public:
  // Two workers may have the same name: a name is for people.
  Worker& hello(const std::string& routing_id, const schema::Hello& hello, std::int64_t now) {
    if (Worker* known = find(routing_id)) {
      // Said twice, because two messages of it crossed with our restart.
      known->credit = hello.credit;
      return *known;
    }
    const std::uint32_t number = ++last_number_;
    numbers_[routing_id] = number;
    return workers_[number] = Worker{number, routing_id, hello.name, hello.role, hello.credit, 0, now};
  }
  [[nodiscard]] Worker* find(const std::string& routing_id) {
    const auto held = numbers_.find(routing_id);
    return held == numbers_.end() ? nullptr : &workers_.at(held->second);
  }
  [[nodiscard]] Worker* find(std::uint32_t number) {
    const auto held = workers_.find(number);
    return held == workers_.end() ? nullptr : &held->second;
  }
  void forget(std::uint32_t number) {
    const auto held = workers_.find(number);
    if (held == workers_.end()) return;
    numbers_.erase(held->second.routing_id);
    workers_.erase(held);
  }
  [[nodiscard]] std::vector<std::uint32_t> silent_since(std::int64_t before) const {
    std::vector<std::uint32_t> silent;
    for (const auto& [number, worker] : workers_)
      if (worker.heard_at < before) silent.push_back(number);
    return silent;
  }
  [[nodiscard]] const std::unordered_map<std::uint32_t, Worker>& all() const { return workers_; }
  [[nodiscard]] std::unordered_map<std::uint32_t, Worker>& all() { return workers_; }

 private:
  std::unordered_map<std::uint32_t, Worker> workers_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::uint32_t last_number_ = 0;
};

}  // namespace circuit::dispatch
