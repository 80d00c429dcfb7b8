#include "planner/cli/progress_line.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace fleetwright::cli {
namespace {

constexpr std::chrono::milliseconds between_lines{100};
constexpr double too_little = 0.01;  // of the work to say how long the rest takes

}  // namespace

std::string progress_text(const std::string& doing, double share, double elapsed_s) {
  std::string text = fmt::format("{}: {:.0f} %", doing, 100 * share);
  if (share < too_little) return text;
  const double left = elapsed_s * (1 - share) / share;
  if (left < 60) return text + fmt::format(", {:.0f} s left", left);
  return text + fmt::format(", {:.0f} min left", left / 60);
}

ProgressLine::ProgressLine(std::string doing) : doing_(std::move(doing)) {}

ProgressLine::~ProgressLine() {
  if (visible_) fmt::print(stderr, "\r\033[K");
}

void ProgressLine::show(double share) {
  const Clock::time_point now = Clock::now();
  if (now - shown_ < between_lines) return;
  shown_ = now;
  visible_ = true;
  const double elapsed = std::chrono::duration<double>(now - begun_).count();
  fmt::print(stderr, "\r\033[K{}", progress_text(doing_, share, elapsed));
  std::fflush(stderr);
}

}  // namespace fleetwright::cli
