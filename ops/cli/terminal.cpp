#include "ops/cli/terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "ops/cli/failure.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

using Clock = std::chrono::steady_clock;

// Work that is over sooner shows no bar.
constexpr std::chrono::milliseconds first_draw{300};
constexpr std::chrono::milliseconds draw_interval{100};

}  // namespace

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw Failure(ExitCode::io, std::string("cannot write to standard output: ") + std::strerror(errno));
}

void note(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

Progress::Progress(std::string what)
    : what_(std::move(what)),
      shown_(::isatty(STDERR_FILENO) == 1),
      began_(Clock::now()),
      next_draw_(began_ + first_draw) {}

Progress::~Progress() {
  if (drawn_) note("\r\033[K");
}

void Progress::show(std::uint64_t done, std::uint64_t all) {
  if (!shown_ || Clock::now() < next_draw_) return;
  next_draw_ = Clock::now() + draw_interval;
  drawn_ = true;
  const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_).count();
  note("\r\033[K" + what_ + " " + (all == 0 ? std::string() : bar_text(done, all) + " ") + duration_text(spent));
}

std::string bar_text(std::uint64_t done, std::uint64_t all) {
  constexpr std::size_t cells = 30;
  const double part = all == 0 ? 1 : std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
  const auto full = static_cast<std::size_t>(part * cells);
  std::string percent = std::to_string(static_cast<int>(part * 100));
  percent.insert(0, 3 - percent.size(), ' ');
  return '[' + std::string(full, '#') + std::string(cells - full, '.') + "] " + percent + " %";
}

}  // namespace circuit::cli
