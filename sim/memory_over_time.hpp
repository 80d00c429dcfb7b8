#pragma once

#include <vector>

#include "sim/program_builder.hpp"
#include "sim/trace.hpp"

namespace fleetwright {

/// Activations of each rank over the step: what its order of passes keeps, at the times at which
/// the passes ran. What a pass keeps counts from its start, what it frees until its end.
[[nodiscard]] std::vector<MemorySample> memory_over_time(const TrainingJob& job,
                                                         const BuiltStep& step,
                                                         const Timeline& timeline);

}  // namespace fleetwright
