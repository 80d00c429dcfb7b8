#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/step_estimate.hpp"

namespace fleetwright {

/// A rule that a setup breaks, at the setting whose change would mend it.
struct BrokenRule {
  std::string setting;  // "strategy.dp"
  std::string message;  // the rule with the values that break it
  std::string suggestion;
};

// Each function looks at a few parts of a setup alone, so that a reader can ask those whose inputs
// it has; together they are what estimate_step() takes for granted.

/// Degrees, batch and schedule against each other.
[[nodiscard]] std::vector<BrokenRule> strategy_rules(const ParallelStrategy& strategy);

/// Degrees against heads, layers, experts and the sequence.
[[nodiscard]] std::vector<BrokenRule> model_rules(const ModelConfig& model,
                                                  const ParallelStrategy& strategy);
[[nodiscard]] std::vector<BrokenRule> sequence_rules(const ParallelStrategy& strategy,
                                                     int sequence_length);

/// Nodes against accelerators.
[[nodiscard]] std::vector<BrokenRule> cluster_rules(const Cluster& cluster);

/// Degrees against the accelerators there are.
[[nodiscard]] std::vector<BrokenRule> size_rules(const ParallelStrategy& strategy,
                                                 const Cluster& cluster);

/// Number formats against what the accelerator computes.
[[nodiscard]] std::vector<BrokenRule> precision_rules(const PrecisionRecipe& precision,
                                                      const Accelerator& accelerator);

/// All of them.
[[nodiscard]] std::vector<BrokenRule> broken_rules(const StepSetup& setup);

/// Model chunks that each rank holds by its schedule, or nothing where vpp says how many.
[[nodiscard]] std::optional<int> fixed_chunks(std::string_view schedule);

/// True for schedules that deal several model chunks to each rank.
[[nodiscard]] bool has_chunks(const ParallelStrategy& strategy);

/// Parts that the model is cut into: ranks, or ranks x chunks.
[[nodiscard]] int model_stages(const ParallelStrategy& strategy);

}  // namespace fleetwright
