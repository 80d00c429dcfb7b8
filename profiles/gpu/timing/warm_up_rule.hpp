#pragma once

#include <deque>

namespace fleetwright::gpu {

/// When a GPU that repeats a workload has settled: its clock stayed within 1 % for `settled_s`, or
/// `limit_s` passed. Power and heat bring the clock down within the first seconds of hard work.
class WarmUpRule {
 public:
  WarmUpRule(double settled_s, double limit_s) : settled_s_(settled_s), limit_s_(limit_s) {}

  /// Takes in the clock at a time since the start; true if the GPU is warm. Times must not descend.
  /// A clock that is not a number tells nothing: then the time decides alone.
  [[nodiscard]] bool settled(double seconds, double clock_mhz);
  /// The middle of the clocks of the last `settled_s`; not a number if none is known.
  [[nodiscard]] double clock_mhz() const;

 private:
  struct Reading {
    double seconds;
    double clock_mhz;
  };
  double settled_s_;
  double limit_s_;
  std::deque<Reading> recent_;
};

/// How long the stream is held while the host queues a batch, so that the GPU never waits for the
/// host inside it: what queueing takes beyond what the GPU needs, with a quarter to spare; at most
/// 20 ms, at least 200 us.
[[nodiscard]] double hold_us(int launches, double queue_us, double run_us);

}  // namespace fleetwright::gpu
