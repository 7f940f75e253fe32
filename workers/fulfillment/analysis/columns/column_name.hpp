// What a column's name says about the whole numbers in it: that they name things instead of measuring them.
#pragma once

#include <string_view>

namespace circuit::analysis {

// An id, a zip or phone number, an ISBN …: a sum or a mean of such numbers would be nonsense. By the words of the name:
// customer_id, CustomerID, "Postal code", "ID of the order".
[[nodiscard]] bool is_name_of_codes(std::string_view name);

// A key, a "No.", an index …: such numbers only name the rows if no two of them are the same.
[[nodiscard]] bool may_name_rows(std::string_view name);

}  // namespace circuit::analysis
