#include "sim/run_estimate.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwright {

RunEstimate estimate_run(double tokens, double tokens_per_step, Seconds step_time, int nodes,
                         const std::optional<Reliability>& reliability) {
  RunEstimate run;
  run.tokens = tokens;
  run.steps = std::ceil(tokens / tokens_per_step);
  run.training = run.steps * step_time;
  run.wall = run.training;
  if (!reliability) return run;

  const Reliability& r = *reliability;
  const double per_second = r.failures_per_node_day * nodes / 86400.0;
  const double write = r.checkpoint_write.si();
  // Young's optimum sqrt(2 C M) (CACM 17 (1974) 530); never below the time of a write.
  const double optimum = per_second > 0 ? std::sqrt(2 * write / per_second) : HUGE_VAL;
  const double interval =
      std::max(write, r.checkpoint_interval ? r.checkpoint_interval->si() : optimum);
  // Time lost for each second of training: writing; and for each failure half an interval of work
  // done again and the restart (Daly, FGCS 22 (2006) 303, first order).
  const double writing = std::isfinite(interval) ? write / interval : 0;
  const double failing = per_second > 0 ? per_second * (interval / 2 + r.restart.si()) : 0;
  // Failures strike during the wall time, not only during training.
  run.goodput = std::max(0.0, 1 - failing) / (1 + writing);
  run.wall = run.goodput > 0 ? run.training / run.goodput : Seconds{HUGE_VAL};
  run.failures_expected = per_second * run.wall.si();
  if (std::isfinite(interval)) run.checkpoint_interval = Seconds{interval};
  return run;
}

}  // namespace fleetwright
