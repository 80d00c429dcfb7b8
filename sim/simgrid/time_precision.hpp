#pragma once

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// At most how many times as long as alone a transfer can take because of all others.
[[nodiscard]] double worst_slowdown(const StepProgram& program, const Fabric& fabric);

/// Which ends SimGrid must take for one, in seconds: those that the clock cannot tell apart when
/// the step ends. An end that is missed by more, because the clock rounds, is lost for ever;
/// anything above is error.
[[nodiscard]] double time_precision(const StepProgram& program, const Fabric& fabric);

}  // namespace fleetwright
