// The reference page of the transitions, with its diagram (Mermaid): printed from the table, so it can't say anything
// else.
#pragma once

#include <string>

namespace circuit::schema {

[[nodiscard]] std::string transitions_page();

}  // namespace circuit::schema
