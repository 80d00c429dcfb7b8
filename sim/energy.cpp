#include "sim/energy.hpp"

namespace fleetwright {

std::optional<PowerDraw> power_draw(const StepPhases& phases, const Accelerator& accelerator) {
  const auto host = host_power_of_gpu(accelerator);
  if (!host || phases.time() <= Seconds{}) return std::nullopt;
  const PowerCurve& curve = power_curve_of(accelerator);
  const Seconds at_tdp = phases.compute_bound * curve.compute_bound.value +
                         phases.memory_bound * curve.memory_bound.value +
                         phases.communicating * curve.communicating.value +
                         phases.waiting * curve.waiting.value;
  const Watts tdp = accelerator.tdp->value;
  return PowerDraw{tdp * (at_tdp / phases.time()), tdp * curve.idle.value, *host};
}

Joules run_energy(const PowerDraw& draw, const RunEstimate& run, int gpus) {
  return (draw.training() * (run.wall - run.stopped) + draw.idle() * run.stopped) * gpus;
}

}  // namespace fleetwright
