#include "workers/fulfillment/offers.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace circuit::fulfillment {
namespace {

schema::Outcome outcome_of(const schema::Lease& lease, const schema::Uuid& order, const Answer* answer) {
  schema::Outcome outcome;
  outcome.lease = lease;
  outcome.order = order;
  if (!answer) {
    outcome.decision = schema::Decision::make;
    outcome.event = schema::EventType::order_fulfilled;
    outcome.deliverable = schema::deliverable_license;
    return outcome;
  }
  outcome.decision = answer->decision;
  outcome.event = answer->event;
  if (answer->decision == schema::Decision::defer) outcome.reason = schema::Reason::handler_failed;
  outcome.failure = answer->failure;
  outcome.message = answer->message;
  if (answer->files.empty()) return outcome;
  outcome.deliverable = schema::deliverable_files;
  outcome.directory = answer->directory;
  for (const SealedFile& file : answer->files) outcome.files.push_back({file.name, file.size, file.sha256});
  return outcome;
}

}  // namespace

Offers::Offers(std::size_t remembered_max, Sink sink) : remembered_max_(remembered_max), sink_(std::move(sink)) {
  remembered_.reserve(remembered_max);
}

void Offers::make(const schema::Lease& lease, const schema::Uuid& order, std::unique_ptr<Answer> answer) {
  send({lease, order, std::move(answer), 0});
}

void Offers::send(Offer offer) {
  ++offer.offers;
  sink_(outcome_of(offer.lease, offer.order, offer.answer.get()));
  if (remembered_.size() < remembered_max_) {
    remembered_.push_back(std::move(offer));
    return;
  }
  remembered_[next_] = std::move(offer);
  next_ = (next_ + 1) % remembered_max_;
}

void Offers::refused(const schema::Refused& refused, TimePoint now) {
  // A refusal is rare, so a search through the ring is cheap enough.
  const auto found = std::find_if(remembered_.begin(), remembered_.end(), [&](const Offer& offer) {
    return offer.offers != 0 && offer.lease == refused.lease && offer.order == refused.order;
  });
  if (found == remembered_.end()) return;
  Offer offer = std::exchange(*found, {});
  if (refused.again && offer.offers < offers_max && waiting_.size() < remembered_max_) {
    waiting_.push_back({std::move(offer), now + offer_again_after});
    return;
  }
  spdlog::info("{}: the broker refused the answer: {}", run_name(offer.order, offer.lease), refused.why);
  drop(offer);
}

void Offers::tick(TimePoint now) {
  for (; !waiting_.empty() && waiting_.front().due <= now; waiting_.pop_front())
    send(std::move(waiting_.front().offer));
}

std::optional<TimePoint> Offers::next_due() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.front().due;
}

void Offers::give_up() {
  for (const Waiting& waiting : waiting_) drop(waiting.offer);
  waiting_.clear();
}

void Offers::drop(const Offer& offer) {
  if (offer.answer && !offer.answer->place.empty()) remove_deliverable(offer.answer->place);
}

}  // namespace circuit::fulfillment
