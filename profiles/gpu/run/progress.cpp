#include "profiles/gpu/run/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace fleetwright::gpu {
namespace {

std::size_t terminal_width() {
  winsize size{};
  constexpr std::size_t usual = 80;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

}  // namespace

std::string rough_duration(double seconds) {
  const long whole = std::lround(std::max(seconds, 0.0));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

Progress::Progress(std::size_t total)
    : total_(total),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() { clear(); }

void Progress::begin(const std::string& what) {
  ++begun_;
  if (!terminal_) return;
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
  std::string left;
  if (begun_ > 1) {
    const double each = spent.count() / static_cast<double>(begun_ - 1);
    left = rough_duration(each * static_cast<double>(total_ - begun_ + 1)) + " left, ";
  }
  std::string line = fmt::format("{}/{}, {}{}", begun_, total_, left, what);
  line.resize(std::min(line.size(), terminal_width() - 1));
  fmt::print(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
  line_open_ = true;
}

void Progress::say(const std::string& line) {
  clear();
  fmt::print(stderr, "{}\n", line);
}

void Progress::clear() {
  if (line_open_) fmt::print(stderr, "\r\x1b[K");
  line_open_ = false;
}

}  // namespace fleetwright::gpu
