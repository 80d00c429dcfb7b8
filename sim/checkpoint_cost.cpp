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

double bytes_of_parameter(const TrainingJob& job) {
  constexpr double bf16_bytes = 2;
  return bf16_bytes + job.precision.master_bytes + job.precision.moment_bytes;
}

// With sharded optimizer states all GPUs write.
CheckpointSize size_of(const ParallelStrategy& s, int gpus, double parameters, double bytes_each) {
  CheckpointSize size;
  size.total = Bytes{parameters * bytes_each};
  size.writers = s.zero_stage > 0 ? gpus : gpus / s.dp;
  size.of_writer = size.total / size.writers;
  return size;
}

// The slowest island's, each writer over its share of the NICs.
Seconds on_network(std::span<const CheckpointPart> parts) {
  Seconds slowest;
  for (const CheckpointPart& part : parts) {
    slowest = std::max(slowest, part.size.of_writer / network_of_writer(*part.cluster));
  }
  return slowest;
}

}  // namespace

CheckpointSize checkpoint_size(const TrainingJob& job) {
  return size_of(job.strategy, job.strategy.gpus(), total_parameters(job.model),
                 bytes_of_parameter(job));
}

std::vector<CheckpointPart> checkpoint_parts(const IslandJob& job,
                                             const std::vector<IslandUse>& islands) {
  double gpus = 0;
  for (const IslandUse& use : islands) gpus += use.used;
  std::vector<CheckpointPart> parts;
  for (std::size_t i = 0; i < islands.size(); ++i) {
    const StepSetup& setup = job.parts[i].setup;
    const double share = job.mode == IslandMode::replicas ? islands[i].used / gpus : 1;
    parts.push_back({size_of(setup.job.strategy, islands[i].used, islands[i].parameters * share,
                             bytes_of_parameter(setup.job)),
                     &setup.cluster});
  }
  return parts;
}

std::vector<CheckpointPart> restart_parts(const IslandJob& job,
                                          const std::vector<IslandUse>& islands) {
  std::vector<CheckpointPart> parts;
  for (std::size_t i = 0; i < islands.size(); ++i) {
    const StepSetup& setup = job.parts[i].setup;
    parts.push_back({size_of(setup.job.strategy, islands[i].used, islands[i].parameters,
                             bytes_of_parameter(setup.job)),
                     &setup.cluster});
  }
  return parts;
}

Seconds transfer_time(const CheckpointSize& size, const CheckpointStorage& storage,
                      const Cluster& cluster) {
  const CheckpointPart whole{size, &cluster};
  return transfer_time({&whole, 1}, storage);
}

Seconds transfer_time(std::span<const CheckpointPart> parts, const CheckpointStorage& storage) {
  Bytes total;
  for (const CheckpointPart& part : parts) total += part.size.total;
  const Seconds stored = total / storage.bandwidth;
  return storage.own_network ? stored : std::max(stored, on_network(parts));
}

CheckpointCost checkpoint_cost(const CheckpointSize& size, const CheckpointStorage& storage,
                               const Cluster& cluster, const StepSlowdown* slowdown) {
  const CheckpointPart whole{size, &cluster};
  return checkpoint_cost({&whole, 1}, storage, slowdown);
}

CheckpointCost checkpoint_cost(std::span<const CheckpointPart> parts,
                               const CheckpointStorage& storage, const StepSlowdown* slowdown) {
  CheckpointCost cost;
  const Seconds alone = transfer_time(parts, storage);
  if (!storage.asynchronous) {
    cost.write = alone;
    return cost;
  }
  for (const CheckpointPart& part : parts) {
    cost.write = std::max(cost.write, part.size.of_writer / storage.host_copy);
  }
  cost.upload = alone;
  if (storage.own_network) return cost;
  constexpr double fair_share = 0.5;
  cost.upload = std::max(alone, on_network(parts) / fair_share);
  cost.upload_drag = std::max(1.0, slowdown->with_network_shared(on_network(parts) / cost.upload));
  return cost;
}

}  // namespace fleetwright
