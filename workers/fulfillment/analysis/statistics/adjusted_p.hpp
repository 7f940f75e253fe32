// Many tests at once find something by chance; adjusted p-values allow for it.
#pragma once

#include <span>
#include <vector>

namespace circuit::analysis {

// Benjamini and Hochberg (1995): calling everything with an adjusted p of at most q a discovery keeps the expected
// share of false ones among them at q. In the order of `p`, each from 0 to 1.
[[nodiscard]] std::vector<double> benjamini_hochberg(std::span<const double> p);

}  // namespace circuit::analysis
