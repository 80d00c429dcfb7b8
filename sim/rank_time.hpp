#pragma once

#include <vector>

#include "sim/step_estimate.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// Where each pipeline rank's time went, from 0 to `end`. At each moment the first that applies
/// counts: its kernels run; a collective that its kernels wait for runs; gradients or parameters
/// move; nothing of its own happens (bubble, waiting for other ranks included). After the last pass
/// of all ranks everything is the optimizer's: no rank updates before the norm of all gradients is
/// known.
[[nodiscard]] std::vector<RankTime> rank_times(const StepProgram& program, const Timeline& timeline,
                                               int ranks, Seconds end);

}  // namespace fleetwright
