#pragma once

#include <string>

#include "sim/step_estimate.hpp"

namespace fleetwright::cli {

constexpr const char* trace_help =
    "write the step's timeline here, for Perfetto or chrome://tracing; as Paje if the name ends in "
    ".paje";

/// Writes the timeline of a step in the format that the file's name asks for.
void write_trace(const StepEstimate& step, const std::string& file);

}  // namespace fleetwright::cli
