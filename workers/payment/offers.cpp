#include "workers/payment/offers.hpp"

namespace circuit::payment {

void Offers::Kept::keep(const schema::Outcome& from) {
  outcome = from;
  currency = from.currency;
  provider = from.provider;
  reference = from.reference;
  failure = from.failure;
  message = from.message;
  outcome = view();
}

schema::Outcome Offers::Kept::view() const {
  schema::Outcome seen = outcome;
  seen.currency = currency;
  seen.provider = provider;
  seen.reference = reference;
  seen.failure = failure;
  seen.message = message;
  return seen;
}

Offers::Offers(std::size_t remembered_max, std::function<void(const schema::Outcome&)> sink)
    : remembered_max_(remembered_max), sink_(std::move(sink)) {}

Offers::Kept& Offers::next_place() {
  if (remembered_.size() < remembered_max_) return remembered_.emplace_back();
  Kept& oldest = remembered_[next_];
  next_ = (next_ + 1) % remembered_max_;
  return oldest;
}

void Offers::make(const schema::Outcome& outcome) {
  sink_(outcome);
  Kept& kept = next_place();
  kept.keep(outcome);
  kept.offers = 1;
}

bool Offers::again(const schema::Lease& lease, TimePoint now) {
  // A refusal is rare and concerns a recent outcome, so a search through the ring is cheap enough.
  for (Kept& kept : remembered_) {
    if (kept.offers == 0 || !(kept.outcome.lease == lease)) continue;
    if (kept.offers >= offers_max || waiting_.size() >= remembered_max_) return false;
    waiting_.push_back(kept);
    waiting_.back().due = now + offer_again_after;
    kept.offers = 0;
    return true;
  }
  return false;
}

void Offers::tick(TimePoint now) {
  for (; !waiting_.empty() && waiting_.front().due <= now; waiting_.pop_front()) {
    Kept& kept = next_place();
    std::swap(kept, waiting_.front());
    ++kept.offers;
    sink_(kept.view());
  }
}

std::optional<TimePoint> Offers::next_due() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.front().due;
}

}  // namespace circuit::payment
