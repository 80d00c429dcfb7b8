#include "sim/host_pace.hpp"

namespace fleetwright {

Seconds collective_host_time(const StepSetup& setup, CommunicationGroup group, Seconds lasts) {
  const ParallelStrategy& s = setup.job.strategy;
  const Seconds launch = static_cast<double>(s.tp) * setup.stack.spanning_collective_launch.value;
  const bool spans_nodes = s.pp > 1 && setup.cluster.gpus > setup.cluster.gpus_per_node;
  if (group != CommunicationGroup::tensor || !spans_nodes || launch == Seconds{0}) {
    return Seconds{0} - lasts;
  }
  return s.tp > setup.cluster.gpus_per_node ? launch : launch - lasts;
}

Seconds message_wait(const SoftwareStack& stack, int stage, int stages) {
  const int messages = (stage > 0 ? 1 : 0) + (stage + 1 < stages ? 1 : 0);
  return static_cast<double>(messages) * stack.send_wait.value;
}

}  // namespace fleetwright
