// What holds for every analysis and every report, whatever came in.
#pragma once

#include "tests/fuzz/require.hpp"
#include "workers/fulfillment/analysis/analysis.hpp"

namespace circuit::fuzz {

// A sentence for the customer, and a stable code.
void check_failure(const analysis::Failure& failure);
// Counts add up, all doubles are finite, ranges are in order, indices point at something, texts are UTF-8 and clipped.
void check_analysis(const analysis::Analysis& analysis);
// Three files; the JSON parses and agrees; nothing of the input is markup, drives a terminal or turns the text around.
void check_report(const analysis::Report& report, const analysis::Analysis& analysis);

}  // namespace circuit::fuzz
