#pragma once

#include <memory>
#include <vector>

#include "sim/islands.hpp"
#include "sim/reliability.hpp"
#include "sim/step_estimate.hpp"

namespace fleetwright {

/// How much longer a step takes with slow parts in the cluster. One GPU that is slow, or one NIC,
/// slows all: the others of its group wait for it. Computed on the GPU that stands for its pipeline
/// rank, without contention.
class StepSlowdown {
 public:
  explicit StepSlowdown(const StepSetup& setup);
  /// Of a job on several islands. The job must outlive this.
  explicit StepSlowdown(const IslandJob& job);
  ~StepSlowdown();
  StepSlowdown(const StepSlowdown&) = delete;
  StepSlowdown& operator=(const StepSlowdown&) = delete;

  /// One GPU of a pipeline rank computes at 1/factor of its speed.
  [[nodiscard]] double with_slow_gpu(int rank, double factor) const;
  /// One NIC of a pipeline rank carries 1/factor of its bandwidth.
  [[nodiscard]] double with_slow_nic(int rank, double factor) const;
  /// Something else takes a share of the bandwidth of every NIC.
  [[nodiscard]] double with_network_shared(double share) const;

  /// Causes of records, with the parts that an island has in the job: each is as likely to strike
  /// any pipeline rank of the island.
  [[nodiscard]] std::vector<SlowCause> causes(const std::vector<SlowRecord>& records,
                                              const Cluster& cluster, int island = 0) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fleetwright
