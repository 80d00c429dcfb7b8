#pragma once

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright::testing {

/// The same step on links that no two lanes share: every transfer has its links to itself.
struct IsolatedStep {
  StepProgram program;
  Fabric fabric;
};

[[nodiscard]] IsolatedStep isolate(const StepProgram& program, const Fabric& fabric);

}  // namespace fleetwright::testing
