// The sections of report.html, in the order of the page. Each appends itself whole, with its heading, and says so in a
// sentence when there is nothing to show. Together they stay below `page_bytes_max`, whatever the data are: all lists
// have a limit, and columns get cards until the page is full.
#pragma once

#include <cstddef>
#include <string>

#include "workers/fulfillment/analysis/summary.hpp"

namespace circuit::analysis {

inline constexpr std::size_t page_bytes_max = 2'000'000;

void write_overview(std::string& out, const Analysis& analysis);
void write_findings(std::string& out, const Analysis& analysis);
void write_time(std::string& out, const Analysis& analysis);
void write_relations(std::string& out, const Analysis& analysis);
void write_columns(std::string& out, const Analysis& analysis);
void write_missing(std::string& out, const Analysis& analysis);
void write_quality(std::string& out, const Analysis& analysis);
void write_method(std::string& out, const Analysis& analysis);

// <section id="…"> with its heading, up to the closing tag that the caller writes.
void open_section(std::string& out, const char* id, const char* heading);

}  // namespace circuit::analysis
