#pragma once

#include <chrono>
#include <string>

namespace fleetwright::gpu {

/// Tells on standard error how far a run is: on a terminal one line that is written over, with the
/// time that is left; elsewhere nothing but what `say` is given.
class Progress {
 public:
  explicit Progress(std::size_t total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// What is being done now, as the next of `total`.
  void begin(const std::string& what);
  /// A line that stays: gaps, disagreements.
  void say(const std::string& line);

 private:
  void clear();

  std::size_t total_;
  std::size_t begun_ = 0;
  bool terminal_;
  bool line_open_ = false;
  std::chrono::steady_clock::time_point start_;
};

/// "2 min 10 s", "45 s".
[[nodiscard]] std::string rough_duration(double seconds);

}  // namespace fleetwright::gpu
