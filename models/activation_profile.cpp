#include "models/activation_profile.hpp"

#include <algorithm>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

/// What a pass adds at its start and frees at its end.
struct Change {
  Bytes added;
  Bytes freed;
};

Change change_of(const StagePass& pass, const StageActivations& kept) {
  switch (pass.pass) {
    case Pass::forward:
      return {kept.for_backward, {}};
    case Pass::backward:
      return {{}, kept.for_backward};
    case Pass::input_gradient:
      // What the weight gradient needs takes the place of what it does not.
      return {std::max(Bytes{}, kept.for_weight_gradient - kept.for_backward),
              std::max(Bytes{}, kept.for_backward - kept.for_weight_gradient)};
    case Pass::weight_gradient:
      return {{}, kept.for_weight_gradient};
  }
  fail_invariant("Pass", "unknown value");
}

}  // namespace

std::vector<AliveActivations> activation_profile(const std::vector<ScheduleSlot>& slots,
                                                 const std::vector<StageActivations>& of_stage) {
  std::vector<AliveActivations> profile;
  profile.reserve(slots.size());
  Bytes alive;
  for (const ScheduleSlot& slot : slots) {
    Change change = change_of(slot.first, of_stage[static_cast<std::size_t>(slot.first.stage)]);
    if (slot.paired) {
      const Change other =
          change_of(*slot.paired, of_stage[static_cast<std::size_t>(slot.paired->stage)]);
      change.added += other.added;
      change.freed += other.freed;
    }
    const Bytes during = alive + change.added;
    alive = during - change.freed;
    profile.push_back({during, alive});
  }
  return profile;
}

Bytes peak_activations(const std::vector<ScheduleSlot>& slots,
                       const std::vector<StageActivations>& of_stage) {
  Bytes peak;
  for (const AliveActivations& alive : activation_profile(slots, of_stage)) {
    peak = std::max(peak, alive.during);
  }
  return peak;
}

}  // namespace fleetwright
