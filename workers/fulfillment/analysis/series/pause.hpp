// A hole in the dates: lost data, a broken device, a closed shop.
#pragma once

#include <optional>

#include "workers/fulfillment/analysis/series/buckets.hpp"

namespace circuit::analysis {

// The longest run of empty periods, if it is no accident and no habit: were periods empty at random, with the share
// that they have elsewhere, less than a thousandth of a run as long would be expected; and no other run is half as
// long, as nights and weekends are.
[[nodiscard]] std::optional<Pause> find_pause(const Buckets& buckets);

}  // namespace circuit::analysis
