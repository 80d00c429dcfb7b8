#pragma once

#include <map>
#include <string>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"
#include "profiles/accelerator.hpp"

namespace fleetwright {

/// What a GPU draws by what it does, as a fraction of its TDP.
struct PowerCurve {
  Sourced<double> compute_bound;
  Sourced<double> memory_bound;
  Sourced<double> communicating;
  Sourced<double> waiting;  // for another stage
  Sourced<double> idle;     // no kernel runs
  Sourced<double> host;     // the rest of the node, of what its nameplate leaves for it
};

/// The curves of a TOML file, by architecture. Throws ScenarioError (located) and Error.
[[nodiscard]] std::map<std::string, PowerCurve> read_power_curves(
    const std::filesystem::path& file);

/// The curve of an accelerator's architecture, or the one for all others.
[[nodiscard]] const PowerCurve& power_curve_of(const Accelerator& accelerator);

/// The share of a node's processors, memory, switches and fans that falls to one of its GPUs.
/// Nothing where the accelerator has no TDP or no nameplate of its node.
[[nodiscard]] std::optional<Watts> host_power_of_gpu(const Accelerator& accelerator);

}  // namespace fleetwright
