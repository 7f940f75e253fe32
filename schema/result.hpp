// Result<T>: a value, or the refusal that the caller must pass on. An outcome, never our own bug.
#pragma once

#include <utility>
#include <variant>

#include "schema/check.hpp"
#include "schema/error_code.hpp"

namespace circuit::schema {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Refusal refusal) : held_(std::in_place_index<1>, std::move(refusal)) {}

  explicit operator bool() const { return held_.index() == 0; }
  T& operator*() { return value(); }
  const T& operator*() const { return const_cast<Result*>(this)->value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &const_cast<Result*>(this)->value(); }
  const Refusal& refusal() const {
    CIRCUIT_CHECK(held_.index() == 1, "a result that holds a value has no refusal");
    return std::get<1>(held_);
  }

 private:
  T& value() {
    CIRCUIT_CHECK(held_.index() == 0, "a refused result has no value");
    return std::get<0>(held_);
  }
  std::variant<T, Refusal> held_;
};

}  // namespace circuit::schema
