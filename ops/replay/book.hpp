// The state of every order, and the totals, from the events alone. Pure: no socket, no file.
//
// What an event says is held against what the events before it have made of its order: each move must stand in the
// table of transitions, each version is the one before plus one, amounts and attempts are those of the order. The
// broker's own state machine is not asked: this one is to find its faults.
//
// Invariants: about 200 bytes an order; at most faults_max faults are kept, all are counted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schema/event.hpp"
#include "schema/totals.hpp"
#include "schema/uuid.hpp"

namespace circuit::ops {

// Times are µs since the epoch, 0 when it did not happen.
struct ReplayedOrder {
  schema::Status status = schema::Status::none;
  bool cancel_requested = false;
  std::uint32_t version = 0;
  std::uint32_t attempt = 0;
  std::uint32_t product = 0;   // see Book::word
  std::uint32_t currency = 0;  // see Book::word
  std::int64_t amount = 0;     // minor units
  std::int64_t created_at = 0;
  std::int64_t paid_at = 0;
  std::int64_t fulfilled_at = 0;
  std::int64_t refunded_at = 0;
  std::string customer_id;
};

struct ReplayFault {
  std::uint64_t seq = 0;
  std::string text;  // a sentence that names the order
};

class Book {
 public:
  static constexpr std::size_t faults_max = 1'000;

  // Events come in the order of their seq. An illegal one is reported, and the order then stands as the event says, so
  // that one fault is not reported again with each event after it.
  void add(const schema::Event& event);

  [[nodiscard]] const std::unordered_map<schema::Uuid, ReplayedOrder>& orders() const { return orders_; }
  [[nodiscard]] const ReplayedOrder* find(const schema::Uuid& order) const;
  [[nodiscard]] const schema::Totals& totals() const { return totals_; }
  [[nodiscard]] std::uint64_t last_seq() const { return totals_.last_seq; }
  // A product or a currency by its number in a ReplayedOrder.
  [[nodiscard]] std::string_view word(std::uint32_t number) const { return words_[number]; }

  [[nodiscard]] const std::vector<ReplayFault>& faults() const { return faults_; }
  [[nodiscard]] std::uint64_t fault_count() const { return fault_count_; }

 private:
  void create(const schema::Event& event, ReplayedOrder& order);
  // Whether the table allows it to somebody.
  bool check_move(const schema::Event& event, const ReplayedOrder& order);
  void check_data(const schema::Event& event, const ReplayedOrder& order);
  void check_money(const schema::Event& event, const ReplayedOrder& order);
  [[nodiscard]] std::uint32_t number_of(std::string_view word);
  void fault(const schema::Event& event, const std::string& what);

  std::unordered_map<schema::Uuid, ReplayedOrder> orders_;
  // Few: a catalogue's products, the world's currencies. The first is that of an order that was never created.
  std::vector<std::string> words_{std::string()};
  schema::Totals totals_;
  std::vector<ReplayFault> faults_;
  std::uint64_t fault_count_ = 0;
};

}  // namespace circuit::ops
