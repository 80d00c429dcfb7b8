#pragma once

#include <string>

#include "sim/trace.hpp"

namespace fleetwright {

/// A timeline in the Trace Event Format that Perfetto and chrome://tracing open: one process a
/// pipeline rank, one thread a lane, complete events in microseconds with stage, micro-batch and
/// layer as arguments, arrows from sends to what waits for them, and counters of the activations
/// that a rank keeps and of the load of the fullest links.
[[nodiscard]] std::string trace_json(const Trace& trace, int ranks);

}  // namespace fleetwright
