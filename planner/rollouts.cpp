#include "planner/rollouts.hpp"

#include <algorithm>

namespace fleetwright {

RolloutEstimate estimate_rollouts(const Rollouts& r, int gpus_per_node) {
  constexpr double seconds_per_hour = 3600.0;
  RolloutEstimate e;
  e.rounds = r.outputs / r.outputs_per_round;
  e.tokens = r.outputs * r.tokens_per_output;
  const double nodes = static_cast<double>(r.accelerators) / gpus_per_node;
  e.round_by_rate = Seconds{e.tokens / e.rounds / (r.tokens_per_second_per_node * nodes)};
  if (r.longest_output && r.tokens_per_second_per_user) {
    e.round_by_longest = Seconds{*r.longest_output / *r.tokens_per_second_per_user};
  }
  const Seconds round = std::max(e.round_by_rate, e.round_by_longest);
  e.gpu_hours = e.rounds * round.si() * r.accelerators / seconds_per_hour;
  return e;
}

}  // namespace fleetwright
