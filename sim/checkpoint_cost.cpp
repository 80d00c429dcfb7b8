#include "sim/checkpoint_cost.hpp"

#include <algorithm>

#include "models/parameters.hpp"

namespace fleetwright {
namespace {

// Writers fill their nodes, whose NICs they divide.
BytesPerSecond network_of_writer(const Cluster& cluster) {
  return cluster.nic.achievable_bandwidth.value *
         (static_cast<double>(cluster.nics_per_node) / cluster.gpus_per_node);
}

}  // namespace

CheckpointSize checkpoint_size(const TrainingJob& job) {
  constexpr double bf16_bytes = 2;
  const double parameters = total_parameters(job.model);
  const double bytes = bf16_bytes + job.precision.master_bytes + job.precision.moment_bytes;
  CheckpointSize size;
  size.total = Bytes{parameters * bytes};
  const ParallelStrategy& s = job.strategy;
  size.writers = s.zero_stage > 0 ? s.gpus() : s.gpus() / s.dp;
  size.of_writer = size.total / size.writers;
  return size;
}

Seconds transfer_time(const CheckpointSize& size, const CheckpointStorage& storage,
                      const Cluster& cluster) {
  const Seconds stored = size.total / storage.bandwidth;
  if (storage.own_network) return stored;
  return std::max(stored, size.of_writer / network_of_writer(cluster));
}

CheckpointCost checkpoint_cost(const CheckpointSize& size, const CheckpointStorage& storage,
                               const Cluster& cluster, const StepSlowdown* slowdown) {
  CheckpointCost cost;
  const Seconds alone = transfer_time(size, storage, cluster);
  if (!storage.asynchronous) {
    cost.write = alone;
    return cost;
  }
  cost.write = size.of_writer / storage.host_copy;
  cost.upload = alone;
  if (storage.own_network) return cost;
  constexpr double fair_share = 0.5;
  const Seconds on_network = size.of_writer / network_of_writer(cluster);
  cost.upload = std::max(alone, on_network / fair_share);
  cost.upload_drag = std::max(1.0, slowdown->with_network_shared(on_network / cost.upload));
  return cost;
}

}  // namespace fleetwright
