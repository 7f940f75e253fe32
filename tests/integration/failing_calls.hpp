// System calls that fail, or take long, in a daemon that runs.
#pragma once

#include <csignal>
#include <string>

#include "tests/integration/harness.hpp"

namespace circuit::integration {

// Makes system calls of a running daemon fail. The rule is strace's, such as "error=EIO:when=1" or
// "delay_enter=300000".
class FailingCalls {
 public:
  FailingCalls(Circuit& circuit, const std::string& daemon, const std::string& call, const std::string& rule)
      : strace_("/usr/bin/strace",
                {"-f", "-qq", "-p", std::to_string(circuit.daemon(daemon).pid()), "-e", "trace=" + call, "-e",
                 "inject=" + call + ":" + rule, "-o", (circuit.directory() / "strace.txt").string()},
                circuit.directory() / "strace.log") {
    const std::string tasks = "/proc/" + std::to_string(circuit.daemon(daemon).pid()) + "/task";
    eventually("every thread is traced", [&] {
      for (const auto& task : std::filesystem::directory_iterator(tasks))
        if (read_file(task.path() / "status").find("TracerPid:\t0\n") != std::string::npos) return false;
      return true;
    });
  }
  void end() {
    strace_.signal(SIGINT);
    (void)strace_.wait();
  }

 private:
  Process strace_;
};

}  // namespace circuit::integration
