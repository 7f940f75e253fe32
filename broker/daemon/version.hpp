// The version that every program of Circuit reports.
#pragma once

#include <string_view>

namespace circuit::daemon {

inline constexpr std::string_view version = "0.1.0";

}  // namespace circuit::daemon
