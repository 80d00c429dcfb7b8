#pragma once

#include <string>
#include <vector>

namespace fleetwright {

/// What the backward pass computes again instead of keeping it.
enum class Recompute {
  none,
  selective,  // core attention is flash anyway: norms, activations, latent up-projections
  full,       // each layer from its input
};

/// How a model is spread over GPUs. GPUs = tp x pp x cp x dp; experts are spread over ep x etp of
/// the tp x cp x dp GPUs of a stage.
struct ParallelStrategy {
  int tp = 1;
  int pp = 1;
  int vpp = 1;  // model chunks a pipeline rank, for interleaved schedules
  int cp = 1;
  int ep = 1;
  int etp = 1;
  int dp = 1;
  int zero_stage = 0;  // 0 none, 1 optimizer, 2 and gradients, 3 and parameters (FSDP)
  bool sequence_parallel = false;
  Recompute recompute = Recompute::none;
  std::string schedule = "1f1b";
  int micro_batch = 1;   // sequences
  int global_batch = 1;  // sequences
  /// Decoder layers of each stage, first to last; empty: as even as they go.
  std::vector<int> stage_layers;

  [[nodiscard]] int gpus() const { return tp * pp * cp * dp; }
  /// Micro-batches of a pipeline in one step.
  [[nodiscard]] int micro_batches() const { return global_batch / (dp * micro_batch); }
  /// ZeRO-3 with a pipeline: parameters are gathered once a step, and gradients add up whole until
  /// the last micro-batch (torchtitan's default, reshard_after_forward, with PyTorch's schedules).
  [[nodiscard]] bool keeps_gathered() const { return zero_stage >= 3 && pp > 1; }
  /// Data-parallel replicas of an expert.
  [[nodiscard]] int expert_dp() const { return tp * cp * dp / (ep * etp); }
};

}  // namespace fleetwright
