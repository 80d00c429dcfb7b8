#pragma once

#include <string>

#include "sim/trace.hpp"

namespace fleetwright {

/// A timeline in the Trace Event Format that Perfetto and chrome://tracing open: one process a
/// pipeline rank, one thread a lane, complete events in microseconds with stage, micro-batch and
/// layer as arguments, and a counter of the activations that a rank keeps.
[[nodiscard]] std::string trace_json(const Trace& trace, int ranks);

}  // namespace fleetwright
