// One program that a test runs. It ends with the test, whatever becomes of either.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/integration/waiting.hpp"

namespace circuit::integration {

class Process {
 public:
  // stdout is appended to `output`, and stderr to `errors`; without that, to `output` too. The program is killed when
  // this process ends.
  Process(const std::filesystem::path& program, std::vector<std::string> arguments, const std::filesystem::path& output,
          const std::map<std::string, std::string>& environment = {}, const std::filesystem::path& errors = {});
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;
  // The exit code, or 128 + the signal that ended it. Throws when it has not ended by then.
  int wait(milliseconds limit = patience);
  [[nodiscard]] bool running();

 private:
  pid_t pid_ = 0;
  std::optional<int> code_;
};

// Where the programs under test are.
[[nodiscard]] std::filesystem::path program(const std::string& name);

}  // namespace circuit::integration
