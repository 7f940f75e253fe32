// The frame of the `circuit` program: command line → command → exit code.
#pragma once

namespace circuit::cli {

// Returns the exit code (exit_code.hpp). What a command throws is caught here, once, and printed to stderr with what to
// do next.
[[nodiscard]] int run(int argc, char** argv);

}  // namespace circuit::cli
