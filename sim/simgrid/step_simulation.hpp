#pragma once

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// Runs a program in SimGrid, whose flows share links max-min fairly. Once in a process, because
/// SimGrid's clock and platform are global: callers fork. Throws Error if the program cannot end.
[[nodiscard]] Timeline simulate_step(const StepProgram& program, const Fabric& fabric);

}  // namespace fleetwright
