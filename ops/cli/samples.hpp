// Where the real data sets are: in the clone, or where the package put them.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace circuit::cli {

// The clone that this program was built in: CIRCUIT_SOURCE_DIR, or three levels above the program. Nothing when there
// is none.
[[nodiscard]] std::optional<std::filesystem::path> source_directory();

// The CSV files of the demo. Throws Failure when they are nowhere.
[[nodiscard]] std::vector<std::filesystem::path> sample_files();

}  // namespace circuit::cli
