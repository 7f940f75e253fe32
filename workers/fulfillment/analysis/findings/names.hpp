// What the name of a column gives away.
#pragma once

#include <string_view>

namespace circuit::analysis {

// Names of keys and numbers of things: "id", "customer_id", "Order No.", "ZIP code", "zipcode". Numbers in such a
// column do not measure anything. A word by itself counts, not letters in another ("paid", "period").
[[nodiscard]] bool is_identifier_name(std::string_view name);

// Whether two names share a word of at least three letters: "temp_min" and "temp_max", "Cost Repair" and "Cost Total".
[[nodiscard]] bool share_a_word(std::string_view a, std::string_view b);

}  // namespace circuit::analysis
