#pragma once

#include "profiles/accelerator.hpp"
#include "profiles/power_curve.hpp"
#include "sim/run_estimate.hpp"
#include "sim/step_estimate.hpp"

namespace fleetwright {

/// What one GPU and its share of the node draw, on average over a step and while no step runs.
struct PowerDraw {
  Watts gpu;
  Watts gpu_idle;
  Watts host;  // processors, memory, NICs, fans: the same in both

  [[nodiscard]] Watts training() const { return gpu + host; }
  [[nodiscard]] Watts idle() const { return gpu_idle + host; }
};

/// Nothing where the accelerator has no TDP or no nameplate of its node.
[[nodiscard]] std::optional<PowerDraw> power_draw(const StepPhases& phases,
                                                  const Accelerator& accelerator);

/// Of the nodes of a run: steps, those done again too, at the power of training; restarts and waits
/// at idle power. Network switches and storage are not in it.
[[nodiscard]] Joules run_energy(const PowerDraw& draw, const RunEstimate& run, int gpus);

}  // namespace fleetwright
