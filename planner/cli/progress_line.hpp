#pragma once

#include <chrono>
#include <string>

namespace fleetwright::cli {

/// One line on a terminal that says how far something is and how long it will take. It is gone when
/// the work is.
class ProgressLine {
 public:
  explicit ProgressLine(std::string doing);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Ten times a second at the most.
  void show(double share);

 private:
  using Clock = std::chrono::steady_clock;

  std::string doing_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point shown_ = begun_;
  bool visible_ = false;
};

/// "simulating: 43 %, 12 s left". `elapsed` so far for that share.
[[nodiscard]] std::string progress_text(const std::string& doing, double share, double elapsed_s);

}  // namespace fleetwright::cli
