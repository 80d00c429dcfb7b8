#pragma once

#include <vector>

#include "sim/program_builder.hpp"
#include "sim/step_estimate.hpp"

namespace fleetwright {

/// The kinds of kernels and transfers on the chain of tasks that ends last, each with its share of
/// the step, largest first.
[[nodiscard]] std::vector<CriticalShare> critical_shares(const BuiltStep& step,
                                                         const Timeline& timeline);

/// What the kernel times of one rank rest on, largest share first.
[[nodiscard]] std::vector<ProvenanceEntry> kernel_provenance(const BuiltStep& step,
                                                             const Timeline& timeline, int rank);

}  // namespace fleetwright
