#include "tests/integration/process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

extern char** environ;

namespace circuit::integration {
namespace {

std::vector<std::string> whole_environment(const std::map<std::string, std::string>& more) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!more.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : more) all.push_back(name + '=' + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// Between fork and exec: nothing that may lock or allocate.
[[noreturn]] void become(char* const* arguments, char* const* environment, const char* output, const char* errors,
                         pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  const int in = ::open("/dev/null", O_RDONLY);
  const int out = ::open(output, O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int error = ::open(errors, O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(error, 2);
  ::close_range(3, ~0u, 0);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

}  // namespace

Process::Process(const std::filesystem::path& program, std::vector<std::string> arguments,
                 const std::filesystem::path& output, const std::map<std::string, std::string>& environment,
                 const std::filesystem::path& errors) {
  arguments.insert(arguments.begin(), program.string());
  std::vector<std::string> variables = whole_environment(environment);
  const std::vector<char*> argument_pointers = pointers(arguments);
  const std::vector<char*> variable_pointers = pointers(variables);
  const std::string output_path = output.string();
  const std::string errors_path = errors.empty() ? output_path : errors.string();
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0)
    become(argument_pointers.data(), variable_pointers.data(), output_path.c_str(), errors_path.c_str(), parent);
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, 0)), code_(other.code_) {}

Process::~Process() {
  if (pid_ == 0 || !running()) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
}

void Process::signal(int number) const {
  if (code_ || ::kill(pid_, number) != 0) throw std::runtime_error("a signal to a program that has ended");
}

bool Process::running() {
  if (code_) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return false;
}

int Process::wait(milliseconds limit) {
  eventually(
      "process " + std::to_string(pid_) + " ends", [&] { return !running(); }, limit);
  return *code_;
}

std::filesystem::path program(const std::string& name) { return std::filesystem::path(CIRCUIT_PROGRAMS) / name; }

}  // namespace circuit::integration
