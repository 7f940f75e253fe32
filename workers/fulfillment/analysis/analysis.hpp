// The data-analysis product: a customer's CSV goes in, three deliverable files come out.
//
// Pure: no clock, no locale, no network; the same bytes in give the same bytes out. Bad data is a Failure with a
// sentence for the customer, never an exception and never an abort. What happens in between: README.md beside this.
#pragma once

#include <string_view>
#include <variant>

#include "workers/fulfillment/analysis/outcome.hpp"
#include "workers/fulfillment/analysis/reading/source.hpp"
#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

// Everything that is known about the file, for the reports to be written from. Throws only what `source` throws.
[[nodiscard]] std::variant<Analysis, Failure> examine(Source& source, const Limits& limits = {});

[[nodiscard]] Report write_report(const Analysis& analysis);

// Both. Failure codes: input_empty, input_too_large, input_expands_too_far, gzip_damaged, input_not_csv,
// input_not_utf8, input_binary, record_too_long, csv_no_rows.
[[nodiscard]] std::variant<Report, Failure> analyze(Source& source, const Limits& limits = {});
[[nodiscard]] std::variant<Report, Failure> analyze(std::string_view csv, const Limits& limits = {});

}  // namespace circuit::analysis
