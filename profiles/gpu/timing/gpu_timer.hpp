#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "profiles/gpu/timing/launch_activity.hpp"
#include "profiles/gpu/timing/nvml.hpp"
#include "profiles/gpu/timing/timer.hpp"

namespace fleetwright::gpu {

/// How long the GPU runs a workload before it is timed.
struct WarmUp {
  double settled_s = 0.5;   // the clock must have stood still for so long
  double limit_s = 3;       // but no longer than this
  double refresh_s = 0.03;  // before further samples of a workload that was just sampled
};

/// Times launches by CUPTI's records and by events, on a warm GPU. Where CUPTI cannot be used it
/// times by events alone. CUPTI records only within a call, so that counters can be read between
/// calls.
class GpuTimer final : public Timer {
 public:
  /// Throws Error if there is no usable GPU.
  explicit GpuTimer(const WarmUp& warm_up = {});
  GpuTimer(const GpuTimer&) = delete;
  GpuTimer& operator=(const GpuTimer&) = delete;
  ~GpuTimer() override;

  [[nodiscard]] std::vector<Sample> sample(Workload& workload, int count, bool cold) override;

  /// What it times by, in one line: for the log.
  [[nodiscard]] std::string describe() const;
  /// CUPTI's view of the launches of the last call; empty without CUPTI.
  [[nodiscard]] const std::vector<LaunchActivity>& last_activity() const;
  /// What the board said during the last call; nothing without NVML.
  [[nodiscard]] const std::optional<BoardState>& last_board() const;

 private:
  class Batches;
  std::unique_ptr<Batches> batches_;
};

}  // namespace fleetwright::gpu
