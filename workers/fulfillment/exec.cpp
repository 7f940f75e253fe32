#include "workers/fulfillment/exec.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "broker/config/config_error.hpp"
#include "broker/daemon/files.hpp"
#include "schema/file_name.hpp"
#include "schema/limits.hpp"
#include "workers/fulfillment/deliverables.hpp"
#include "workers/fulfillment/order_json.hpp"
#include "workers/fulfillment/sentence.hpp"

namespace circuit::fulfillment {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view program_path = "/usr/local/bin:/usr/bin:/bin";
constexpr int temporary_exit = 75;      // EX_TEMPFAIL
constexpr int first_start_exit = 126;   // a shell found the program and could not run it, or 127: did not find it
constexpr int first_signal_exit = 128;  // a shell adds the number of the signal that ended its program
constexpr std::string_view default_sentence = "The product could not be made from this order.";

// The program's absolute path; it runs in another directory than the daemon.
std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return fs::absolute(name).string();
  for (std::string_view rest = program_path; !rest.empty();) {
    const std::string_view directory = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(directory.size() + 1, rest.size()));
    const std::string path = std::string(directory) + '/' + name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return "/usr/bin/" + name;  // the start fails, with this path in the log
}

// Where a program's other files usually are: the directory of each file that its command names. Not a directory that
// holds everything of somebody.
fs::path own_place(const fs::path& file) {
  const fs::path directory = file.parent_path();
  const bool shared = directory == directory.root_path() || directory == "/root" || directory == "/tmp" ||
                      directory == "/var/tmp" || directory.parent_path() == "/home";
  return shared ? file : directory;
}

bool is_below(const fs::path& path, const fs::path& directory) {
  return std::mismatch(directory.begin(), directory.end(), path.begin(), path.end()).first == directory.end();
}

std::vector<fs::path> readable_places(const config::ExecOptions& options) {
  std::vector<fs::path> places;
  for (const std::string& word : options.command) {
    std::error_code error;
    const fs::path path(word);
    if (!path.is_absolute() || !fs::exists(path, error)) continue;
    places.push_back(fs::is_directory(path, error) ? path : own_place(path));
  }
  places.insert(places.end(), options.readable.begin(), options.readable.end());
  return places;
}

// Written as it comes, made with the first byte: most programs print nothing.
class OutputLog {
 public:
  explicit OutputLog(fs::path path) : path_(std::move(path)) {}
  void write(std::string_view text) {
    text = text.substr(0, left_bytes_);
    if (text.empty()) return;
    if (!file_) file_ = daemon::open_file(path_, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
    daemon::write_all(file_, text, path_);
    left_bytes_ -= text.size();
  }

 private:
  fs::path path_;
  daemon::FileDescriptor file_;
  std::size_t left_bytes_ = log_bytes_max;
};

void write_input(const fs::path& path, std::string_view content) {
  daemon::write_all(daemon::open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600), content, path);
}

// Bytes and text as they are, other values as JSON.
std::optional<PermanentFailure> write_inputs(const Request& request) {
  fs::create_directory(request.input_to);
  if (!request.input) return std::nullopt;
  schema::Document::Value key = request.input.first_child();
  for (std::uint32_t i = 0; i < request.input.size(); ++i, key = key.next().next()) {
    const std::string_view name = *key.string();
    if (!schema::is_safe_file_name(name))
      return PermanentFailure{"input_name", "The order's input has a field whose name cannot be used."};
    const auto bytes = key.next().bytes();
    if (bytes)
      write_input(request.input_to / name, *bytes);
    else
      write_input(request.input_to / name, json_text(key.next()));
  }
  return std::nullopt;
}

// What the program wrote for the customer. It may have put anything there, a link or a pipe too.
std::string read_sentence(const fs::path& directory) {
  const fs::path path = directory / "failure.txt";
  const daemon::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  std::string text(4096, '\0');
  const ssize_t got = ::read(file.get(), text.data(), text.size());
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return printable_line(text, schema::failure_message_bytes_max);
}

PermanentFailure too_large() { return {"output_too_large", "The result is larger than can be delivered."}; }

}  // namespace

ExecHandler::ExecHandler(config::ExecOptions options, fs::path data)
    : options_(std::move(options)), data_(fs::absolute(data)), logs_(data_ / "log" / "exec") {
  fs::create_directories(logs_);
  options_.command.at(0) = find_program(options_.command.at(0));
  readable_ = readable_places(options_);
  if (is_below(fs::weakly_canonical(options_.command.front()), fs::weakly_canonical(data_)))
    throw config::ConfigError(options_.command.front() +
                              ": a program of an exec product must lie outside of the data directory, which is closed "
                              "to it");
  adopt_orphans();
}

HandlerResult ExecHandler::run(const Request& request) {
  if (auto failure = write_inputs(request)) return *std::move(failure);
  return verdict(request, execute(request));
}

Ended ExecHandler::execute(const Request& request) const {
  const std::string order = order_json(request, request.input_to);
  OutputLog log(logs_ / (request.run_name + ".log"));
  const fs::path temporary = request.output.parent_path() / "tmp";
  fs::create_directory(temporary);
  const Confinement confinement({.readable = readable_,
                                 .given = {request.input_to},
                                 .writable = {request.output, temporary},
                                 .forbidden = {data_},
                                 .network = options_.network == "internet"});
  Command command;
  command.arguments = options_.command;
  command.environment = {"PATH=" + std::string(program_path), "LANG=C.UTF-8", "HOME=" + request.output.string(),
                         "TMPDIR=" + temporary.string()};
  command.directory = request.output;
  command.input = order;
  command.file_bytes_max = static_cast<std::uint64_t>(options_.output_bytes_max);
  command.timeout = std::chrono::milliseconds(options_.timeout_ms);
  command.stop_fd = request.stop_fd;
  command.confinement = &confinement;
  command.watched = {request.output, temporary};
  command.limits.bytes_max = command.file_bytes_max;
  command.limits.memory_max = static_cast<std::uint64_t>(options_.memory_bytes_max);
  return run_command(command, [&log](std::string_view text) { log.write(text); });
}

HandlerResult ExecHandler::verdict(const Request& request, const Ended& ended) const {
  const std::string& program = options_.command.front();
  switch (ended.how) {
    case Ended::How::exited: return exit_verdict(request, ended.code);
    case Ended::How::signalled:
      if (ended.code == SIGXFSZ) return too_large();
      spdlog::warn("{}: {} was ended by signal {}", request.run_name, program, ended.code);
      break;
    case Ended::How::timed_out:
      spdlog::warn("{}: {} was killed after {} ms", request.run_name, program, options_.timeout_ms);
      break;
    case Ended::How::stopped: break;
    case Ended::How::over_limit:
      spdlog::warn("{}: {} was killed, because it used too much: {}", request.run_name, program, name_of(ended.excess));
      if (ended.excess == Excess::bytes || ended.excess == Excess::files) return too_large();
      break;
    case Ended::How::not_started:
      spdlog::error("{}: {} can't be started: {}", request.run_name, program, std::strerror(ended.code));
      break;
  }
  return TemporaryFailure{};
}

HandlerResult ExecHandler::exit_verdict(const Request& request, int code) const {
  const auto bytes_max = static_cast<std::uint64_t>(options_.output_bytes_max);
  if (code == 0) {
    if (auto fault = output_fault(request.output, bytes_max)) return *std::move(fault);
    return DeliveredFiles{};
  }
  if (code == temporary_exit) {
    spdlog::info("{}: the program asks for another try", request.run_name);
    return TemporaryFailure{};
  }
  // A program that was stopped by the limit may not say so: it sees a signal, or only an error of write(2).
  const OutputSize size = output_size(request.output);
  if (size.all > bytes_max || size.largest >= bytes_max || code == first_signal_exit + SIGXFSZ) return too_large();
  if (code >= first_start_exit) {
    const bool started = code >= first_signal_exit;
    spdlog::log(started ? spdlog::level::warn : spdlog::level::err, "{}: {} ended with exit code {}{}",
                request.run_name, options_.command.front(), code, started ? "" : ": something can't be started");
    return TemporaryFailure{};
  }
  std::string sentence = read_sentence(request.output);
  if (sentence.empty()) sentence = default_sentence;
  return PermanentFailure{"program_failed", std::move(sentence)};
}

}  // namespace circuit::fulfillment
