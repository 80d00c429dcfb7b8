#include "profiles/gpu/timing/warm_up_rule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "profiles/gpu/timing/median.hpp"

namespace fleetwright::gpu {

bool WarmUpRule::settled(double seconds, double clock_mhz) {
  recent_.push_back({seconds, clock_mhz});
  // One reading at least as old as the span is kept, so that the span is covered.
  while (recent_.size() > 1 && recent_[1].seconds <= seconds - settled_s_) recent_.pop_front();
  if (seconds >= limit_s_) return true;
  if (recent_.front().seconds > seconds - settled_s_) return false;
  double lowest = std::numeric_limits<double>::infinity(), highest = 0;
  for (const Reading& reading : recent_) {
    if (std::isnan(reading.clock_mhz)) continue;
    lowest = std::min(lowest, reading.clock_mhz);
    highest = std::max(highest, reading.clock_mhz);
  }
  return highest == 0 || highest - lowest <= 0.01 * highest;
}

double WarmUpRule::clock_mhz() const {
  std::vector<double> clocks;
  for (const Reading& reading : recent_) {
    if (!std::isnan(reading.clock_mhz)) clocks.push_back(reading.clock_mhz);
  }
  return median(std::move(clocks));
}

double hold_us(int launches, double queue_us, double run_us) {
  constexpr double least = 200, most = 20'000;
  return std::clamp(launches * (1.25 * queue_us - run_us), least, most);
}

}  // namespace fleetwright::gpu
