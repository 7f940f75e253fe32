// A sum that carries along what rounding lost (Knuth's two-sum, as Neumaier 1974 uses it): as exact as with twice the
// digits. Without branches, so that it also works on pairs.
#pragma once

namespace circuit::analysis {

template <typename Number>
struct Compensated {
  Number sum{};
  Number lost{};

  void add(Number value) {
    const Number next = sum + value;
    const Number added = next - sum;
    lost += (sum - (next - added)) + (value - added);
    sum = next;
  }

  void add(const Compensated& other) {
    add(other.sum);
    lost += other.lost;
  }

  [[nodiscard]] Number total() const { return sum + lost; }
};

}  // namespace circuit::analysis
