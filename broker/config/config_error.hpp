// What an operator has to put right before a daemon can start: a setting, a file's mode, a path. Exit code 78.
#pragma once

#include <stdexcept>

namespace circuit::config {

// what() is one line: where (file:line:column when it is in the config file), which key, what is wrong, what would be
// right.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace circuit::config
