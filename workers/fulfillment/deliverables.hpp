// The files of a deliverable: what is accepted as one, and how they become durable. A directory of files is made
// elsewhere and moved to its place as a whole, so what lies below deliverables/ is always complete.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "workers/fulfillment/handler.hpp"

namespace circuit::fulfillment {

// Each file stands in the order's event.
inline constexpr std::size_t output_files_max = 100;

struct SealedFile {
  std::string name;
  std::uint64_t size = 0;
  std::string sha256;  // in hex
};

// Nothing when the directory is a deliverable: 1 to output_files_max regular files at its top level, safe names, no
// other links to them, `bytes_max` bytes together. Nobody may write there any more. Throws std::system_error.
[[nodiscard]] std::optional<PermanentFailure> output_fault(const std::filesystem::path& directory,
                                                           std::uint64_t bytes_max);

// Bytes of all regular files at the top level, and of the largest of them.
struct OutputSize {
  std::uint64_t all = 0;
  std::uint64_t largest = 0;
};
[[nodiscard]] OutputSize output_size(const std::filesystem::path& directory);

// Makes the files durable with mode 0640, hashes them, and moves the directory to `place`, whose parent's parent must
// exist. Durable when it returns; on an exception (std::system_error) nothing is at `place`. Sorted by name.
[[nodiscard]] std::vector<SealedFile> seal(const std::filesystem::path& directory, const std::filesystem::path& place);

// Removes it with all that it holds, and its parent when that is empty now. What can't be removed is logged.
void remove_deliverable(const std::filesystem::path& place);

}  // namespace circuit::fulfillment
