#pragma once

#include <vector>

#include "sim/step_program.hpp"

namespace fleetwright {

/// Tasks after all that they wait for (Kahn, "Topological sorting of large networks", CACM 5(11),
/// 1962). `successors` are the program's. That no tasks wait for one another is an invariant.
[[nodiscard]] std::vector<TaskId> order_of(const StepProgram& program,
                                           const StepProgram::Successors& successors);

}  // namespace fleetwright
