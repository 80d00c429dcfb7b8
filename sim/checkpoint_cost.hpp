#pragma once

#include <span>
#include <vector>

#include "models/training_job.hpp"
#include "sim/cluster.hpp"
#include "sim/step_slowdown.hpp"

namespace fleetwright {

/// What a checkpoint holds, and how many GPUs write it.
struct CheckpointSize {
  Bytes total;
  Bytes of_writer;  // what each of them writes
  double writers = 1;
};

/// Weights in BF16, master weights and moments, each once. With sharded optimizer states (ZeRO) all
/// GPUs write their shard, without only one data-parallel replica does.
[[nodiscard]] CheckpointSize checkpoint_size(const TrainingJob& job);

/// Where checkpoints go.
struct CheckpointStorage {
  BytesPerSecond bandwidth;   // of the storage, sustained, over all writers
  BytesPerSecond host_copy;   // from one GPU to its host
  bool asynchronous = false;  // training goes on once the state is in the hosts' memory
  bool own_network = false;   // else over the NICs that training uses
};

/// What an island of a job writes or reads of a checkpoint.
struct CheckpointPart {
  CheckpointSize size;
  const Cluster* cluster = nullptr;
};

/// What the islands of a job write together: the model and its optimizer once. Stages are written
/// where they are; of replicas each island writes as much as it has GPUs in the job.
[[nodiscard]] std::vector<CheckpointPart> checkpoint_parts(const IslandJob& job,
                                                           const std::vector<IslandUse>& islands);
/// What they read at a restart: of replicas each island all of it.
[[nodiscard]] std::vector<CheckpointPart> restart_parts(const IslandJob& job,
                                                        const std::vector<IslandUse>& islands);

/// The time of a read or a write with nothing beside it: the storage's, or the NICs' of the nodes.
[[nodiscard]] Seconds transfer_time(const CheckpointSize& size, const CheckpointStorage& storage,
                                    const Cluster& cluster);
[[nodiscard]] Seconds transfer_time(std::span<const CheckpointPart> parts,
                                    const CheckpointStorage& storage);

/// What writing costs training. Asynchronous uploads on the network of training share each NIC with
/// it, at most by halves (max-min fairness); only those need `slowdown`.
[[nodiscard]] CheckpointCost checkpoint_cost(const CheckpointSize& size,
                                             const CheckpointStorage& storage,
                                             const Cluster& cluster, const StepSlowdown* slowdown);
[[nodiscard]] CheckpointCost checkpoint_cost(std::span<const CheckpointPart> parts,
                                             const CheckpointStorage& storage,
                                             const StepSlowdown* slowdown);

}  // namespace fleetwright
