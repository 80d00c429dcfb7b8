#pragma once

#include "models/op_graph.hpp"
#include "sim/step_estimate.hpp"

namespace fleetwright {

/// What a collective that lasts so long adds to the host time of a pass, against its kernels: less
/// than nothing, as the host goes on while it runs. Where the stages of the pipeline are on
/// different nodes, launching a tensor-parallel one costs time of its own
/// (SoftwareStack::spanning_collective_launch), and the host waits for one between nodes.
[[nodiscard]] Seconds collective_host_time(const StepSetup& setup, CommunicationGroup group,
                                           Seconds lasts);

/// How long a pass of a stage waits for its messages: one from the stage before it and one to the
/// stage behind, as far as there are such (SoftwareStack::send_wait).
[[nodiscard]] Seconds message_wait(const SoftwareStack& stack, int stage, int stages);

}  // namespace fleetwright
