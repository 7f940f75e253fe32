// What the sandbox decides: each operation against the ledger, and the misbehaviour that was asked for. No sockets.
//
// A key that was voided, declined or refunded is closed: no charge of it takes anything, not even a forgetful one. A
// charge of a captured key gives the first capture again, unless it is forgetful. `slow` delays the whole decision, so
// a void that comes meanwhile closes the key first. How often a key has misbehaved, and which charges are slow, is only
// in memory: after a restart the former counts anew, and the latter were never taken.
//
// An answer may be told only after the ledger's next commit.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "workers/sandbox/behaviour.hpp"
#include "workers/sandbox/ledger.hpp"
#include "workers/sandbox/protocol.hpp"

namespace circuit::sandbox {

using TimePoint = std::chrono::steady_clock::time_point;

inline constexpr std::size_t slow_charges_max = 200'000;        // more are answered with an error
inline constexpr std::size_t misbehaving_keys_max = 1'000'000;  // then all are forgotten and count anew

class Bank {
 public:
  explicit Bank(Ledger& ledger) : ledger_(ledger) {}

  // Decides one operation. Nothing when its answer comes later or never. The answer's views die with the next call.
  [[nodiscard]] std::optional<Answer> execute(const Operation& operation, std::string_view peer, TimePoint now);

  // Decides slow charges whose time has come, `charges_max` at most, and gives their answers to `on_answer`.
  void execute_due(TimePoint now, std::size_t charges_max,
                   const std::function<void(std::string_view peer, const Answer&)>& on_answer);
  [[nodiscard]] std::optional<TimePoint> next_due() const;

 private:
  struct KeyHash {
    std::size_t operator()(const ChargeKey& key) const { return KeyIndex::hash(key); }
  };
  struct SlowCharge {
    TimePoint due;
    std::uint64_t order = 0;  // of arrival, among equal times
    std::string peer;
    std::uint64_t number = 0;
    ChargeKey key;
    std::int64_t amount = 0;
    std::string currency;
    std::string behaviour;
    bool operator>(const SlowCharge& other) const { return due != other.due ? due > other.due : order > other.order; }
  };

  std::optional<Answer> charge(const Operation& operation, std::string_view peer, TimePoint now);
  std::optional<Answer> start_slow(const Operation& operation, const Behaviour& behaviour, std::string_view peer,
                                   TimePoint now);
  std::optional<Answer> decide(const Operation& operation, const Behaviour& behaviour);
  std::optional<Answer> standing(const Operation& operation, const Behaviour& behaviour);
  [[nodiscard]] bool is_pending(const ChargeKey& key) const { return slow_keys_.contains(key); }
  Answer lookup(const Operation& operation);
  Answer void_charge(const Operation& operation);
  Answer refund(const Operation& operation);
  Answer decline(const Operation& operation, const Behaviour& behaviour);
  Answer stands(const Operation& operation, const LedgerLine& line);
  Answer simple(const Operation& operation, Result result, std::string_view message = {});
  LedgerLine append(LedgerOp op, const Operation& operation, std::int64_t amount);

  Ledger& ledger_;
  std::priority_queue<SlowCharge, std::vector<SlowCharge>, std::greater<>> slow_;
  std::unordered_map<ChargeKey, std::uint32_t, KeyHash> slow_keys_;   // how many charges of the key are slow
  std::unordered_map<ChargeKey, std::uint32_t, KeyHash> misbehaved_;  // how often the key did, while nothing stands
  std::uint64_t slow_count_ = 0;
  // What an answer's views point to.
  LedgerLine line_;
  Reference reference_{LedgerOp::none, 0};
  std::string message_;
};

}  // namespace circuit::sandbox
