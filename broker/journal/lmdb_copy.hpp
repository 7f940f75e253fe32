// A copy of an environment while others write to it: what one read transaction sees, without the free pages.
//
// LMDB writes the copy into a pipe and a thread of ours from there into the file, because LMDB itself cannot be told to
// stop: once the reading end is closed it ends within a page. That matters, as long as the copy lasts the environment
// must not be replaced (a commit error asks for that) and old pages are not used again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>

#include "broker/journal/lmdb.hpp"

namespace circuit::journal {

// Asked about once per 256 KiB.
using GoesOn = std::function<bool()>;

// Writes the copy to a new file, which is durable, and so is its name, when this returns. On any exception nothing is
// left of it: CopyEnded when `goes_on` answered no, LmdbError, std::system_error.
void copy_environment(const Environment& environment, const std::filesystem::path& file, const GoesOn& goes_on);

class CopyEnded : public std::runtime_error {
 public:
  CopyEnded() : runtime_error("the copy was ended before it was complete") {}
};

}  // namespace circuit::journal
