#pragma once

#include <string>
#include <vector>

#include "sim/step_program.hpp"

namespace fleetwright {

/// Tasks that wait for one another, each for the next and the last for the first; empty if the
/// program can run.
[[nodiscard]] std::vector<TaskId> find_cycle(const StepProgram& program);

/// What to say of a program that cannot run: a few tasks of a cycle.
[[nodiscard]] std::string describe_deadlock(const StepProgram& program);

}  // namespace fleetwright
