#pragma once

#include <string>

#include "sim/trace.hpp"

namespace fleetwright {

/// A timeline in the Paje format that SimGrid's tools read (pj_dump, ViTE): a container a pipeline
/// rank with one a lane, states, arrows, and variables for activations and link loads. Tasks that
/// take no time are left out.
[[nodiscard]] std::string trace_paje(const Trace& trace, int ranks);

}  // namespace fleetwright
