#include "workers/sandbox/bank.hpp"

#include <algorithm>

#include "schema/document.hpp"

namespace circuit::sandbox {
namespace {

constexpr std::size_t shown_word_bytes_max = 64;

Result result_of(LedgerOp op) {
  switch (op) {
    case LedgerOp::none: break;
    case LedgerOp::capture: return Result::captured;
    case LedgerOp::void_charge: return Result::voided;
    case LedgerOp::refund: return Result::refunded;
    case LedgerOp::decline: return Result::declined;
  }
  return Result::none;
}

bool is_currency(std::string_view text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_sound(const Operation& operation) {
  return is_currency(operation.currency) && operation.amount > 0 && operation.amount < INT64_MAX;
}

std::int64_t wall_clock_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace

std::optional<Answer> Bank::execute(const Operation& operation, std::string_view peer, TimePoint now) {
  if (operation.kind == OperationKind::lookup) return lookup(operation);
  if (!is_sound(operation)) return simple(operation, Result::error, "the amount or the currency is malformed");
  switch (operation.kind) {
    case OperationKind::charge: return charge(operation, peer, now);
    case OperationKind::void_charge: return void_charge(operation);
    case OperationKind::refund: return refund(operation);
    case OperationKind::lookup:
    case OperationKind::none: break;
  }
  return simple(operation, Result::error, "the operation is unknown");
}

std::optional<Answer> Bank::charge(const Operation& operation, std::string_view peer, TimePoint now) {
  const Behaviour behaviour = parse_behaviour(operation.behaviour);
  if (std::optional<Answer> closed = standing(operation, behaviour)) return closed;
  if (is_pending(operation.key) && !behaviour.forgetful) return simple(operation, Result::pending);
  if (behaviour.slow_ms != 0 && behaviour.unknown.empty()) return start_slow(operation, behaviour, peer, now);
  return decide(operation, behaviour);
}

std::optional<Answer> Bank::start_slow(const Operation& operation, const Behaviour& behaviour, std::string_view peer,
                                       TimePoint now) {
  if (slow_.size() >= slow_charges_max) return simple(operation, Result::error, "too many slow charges are pending");
  slow_.push(SlowCharge{now + std::chrono::milliseconds(behaviour.slow_ms), slow_count_++, std::string(peer),
                        operation.number, operation.key, operation.amount, std::string(operation.currency),
                        std::string(operation.behaviour)});
  ++slow_keys_[operation.key];
  return std::nullopt;
}

void Bank::execute_due(TimePoint now, std::size_t charges_max,
                       const std::function<void(std::string_view peer, const Answer&)>& on_answer) {
  for (std::size_t i = 0; i < charges_max && !slow_.empty() && slow_.top().due <= now; ++i) {
    const SlowCharge slow = slow_.top();
    slow_.pop();
    const auto count = slow_keys_.find(slow.key);
    if (--count->second == 0) slow_keys_.erase(count);
    const Operation operation{slow.number, OperationKind::charge, slow.key, slow.amount, slow.currency, slow.behaviour};
    const Behaviour behaviour = parse_behaviour(slow.behaviour);
    std::optional<Answer> answer = standing(operation, behaviour);
    if (!answer) answer = decide(operation, behaviour);
    if (answer) on_answer(slow.peer, *answer);
  }
}

std::optional<TimePoint> Bank::next_due() const {
  if (slow_.empty()) return std::nullopt;
  return slow_.top().due;
}

std::optional<Answer> Bank::decide(const Operation& operation, const Behaviour& behaviour) {
  const bool lost = behaviour.timeout_after;
  if (behaviour.decline || !behaviour.unknown.empty()) {
    const Answer answer = decline(operation, behaviour);
    return lost ? std::nullopt : std::optional(answer);
  }
  const std::uint32_t swallowed = behaviour.timeout_before ? 1 : 0;
  if (swallowed + behaviour.errors != 0) {
    if (misbehaved_.size() >= misbehaving_keys_max) misbehaved_.clear();
    std::uint32_t& times = misbehaved_[operation.key];
    if (times < swallowed + behaviour.errors) {
      ++times;
      if (times <= swallowed) return std::nullopt;
      return simple(operation, Result::error, "the sandbox was told to fail");
    }
    // A line will say how the key stands, and no charge of it gets here again, unless it is forgetful and behaves by
    // now.
    if (!behaviour.forgetful) misbehaved_.erase(operation.key);
  }
  const LedgerLine line = append(LedgerOp::capture, operation, operation.amount + (behaviour.wrong_amount ? 1 : 0));
  return lost ? std::nullopt : std::optional(stands(operation, line));
}

std::optional<Answer> Bank::standing(const Operation& operation, const Behaviour& behaviour) {
  const std::optional<LedgerLine> line = ledger_.find(operation.key);
  if (!line || (line->op == LedgerOp::capture && behaviour.forgetful)) return std::nullopt;
  return stands(operation, *line);
}

Answer Bank::lookup(const Operation& operation) {
  if (const auto line = ledger_.find(operation.key)) return stands(operation, *line);
  return simple(operation, is_pending(operation.key) ? Result::pending : Result::not_found);
}

Answer Bank::void_charge(const Operation& operation) {
  if (const auto line = ledger_.find(operation.key)) return stands(operation, *line);
  misbehaved_.erase(operation.key);
  return stands(operation, append(LedgerOp::void_charge, operation, operation.amount));
}

Answer Bank::refund(const Operation& operation) {
  const auto line = ledger_.find(operation.key);
  if (!line) return simple(operation, is_pending(operation.key) ? Result::pending : Result::not_found);
  if (line->op != LedgerOp::capture) return stands(operation, *line);
  Operation whole = operation;
  whole.currency = line->currency_text();
  return stands(operation, append(LedgerOp::refund, whole, line->amount));
}

Answer Bank::decline(const Operation& operation, const Behaviour& behaviour) {
  misbehaved_.erase(operation.key);
  Answer answer = stands(operation, append(LedgerOp::decline, operation, operation.amount));
  if (behaviour.unknown.empty()) return answer;
  // The word is a customer's; it is shown only when it can stand in a log line and a terminal.
  const bool shown = behaviour.unknown.size() <= shown_word_bytes_max && schema::is_printable_utf8(behaviour.unknown);
  message_ = shown ? "the sandbox knows no behaviour '" + std::string(behaviour.unknown) + "'"
                   : std::string("the sandbox does not know the behaviour in metadata.sandbox");
  answer.message = message_;
  return answer;
}

Answer Bank::stands(const Operation& operation, const LedgerLine& line) {
  line_ = line;
  reference_ = Reference(line.op, line.seq);
  return Answer{operation.number,
                result_of(line.op),
                operation.key,
                line.amount,
                line_.currency_text(),
                reference_.text(),
                line.op == LedgerOp::decline ? "the sandbox declined the charge" : ""};
}

Answer Bank::simple(const Operation& operation, Result result, std::string_view message) {
  return Answer{operation.number, result, operation.key, 0, {}, {}, message};
}

LedgerLine Bank::append(LedgerOp op, const Operation& operation, std::int64_t amount) {
  return ledger_.append(op, operation.key, amount, operation.currency, wall_clock_us());
}

}  // namespace circuit::sandbox
