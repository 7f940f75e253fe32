// All of Boost.Math is in this file, because it compiles slowly. The distributions are written as the incomplete beta
// and gamma functions that they are, of arguments that keep their digits in the far tails.
#include "workers/fulfillment/analysis/statistics/distributions.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace circuit::analysis {
namespace {

namespace policies = boost::math::policies;

// An argument out of range gives NaN, and too many iterations the best guess; nothing throws.
using Quiet =
    policies::policy<policies::promote_double<false>, policies::domain_error<policies::ignore_error>,
                     policies::pole_error<policies::ignore_error>, policies::overflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>, policies::denorm_error<policies::ignore_error>,
                     policies::underflow_error<policies::ignore_error>,
                     policies::rounding_error<policies::ignore_error>>;

double probability(double p) { return std::isnan(p) ? 1 : std::clamp(p, 0.0, 1.0); }

// The regularized incomplete beta function at share / (share + rest), which may be too near to 0 or 1 for a double to
// tell from them.
double beta_at(double share, double rest, double a, double b) {
  if (share == 0 || std::isinf(rest)) return 0;
  if (share <= rest) return boost::math::ibeta(a, b, 1 / (1 + rest / share), Quiet());
  return boost::math::ibetac(b, a, 1 / (1 + share / rest), Quiet());
}

}  // namespace

double two_sided_p_of_t(double t, double degrees_of_freedom) {
  return probability(beta_at(degrees_of_freedom, t * t, degrees_of_freedom / 2, 0.5));
}

double upper_tail_of_f(double f, double degrees_of_freedom_1, double degrees_of_freedom_2) {
  if (f <= 0) return 1;
  return probability(
      beta_at(degrees_of_freedom_2, degrees_of_freedom_1 * f, degrees_of_freedom_2 / 2, degrees_of_freedom_1 / 2));
}

double upper_tail_of_chi_squared(double chi_squared, double degrees_of_freedom) {
  if (chi_squared <= 0) return 1;
  return probability(boost::math::gamma_q(degrees_of_freedom / 2, chi_squared / 2, Quiet()));
}

}  // namespace circuit::analysis
