#pragma once

#include <vector>

#include "models/activation_profile.hpp"
#include "models/core/quantity.hpp"
#include "models/schedules/pipeline_schedule.hpp"
#include "models/stage_operators.hpp"
#include "models/training_job.hpp"

namespace fleetwright {

/// What one GPU keeps in device memory at the worst moment of a step.
struct MemoryFootprint {
  Bytes weights;
  Bytes gradients;
  Bytes optimizer;    // master weights and moments
  Bytes activations;  // of all micro-batches in flight
  Bytes buffers;      // logits, what a single pass needs besides, what the allocator holds

  [[nodiscard]] Bytes peak() const {
    return weights + gradients + optimizer + activations + buffers;
  }
};

/// Parameters that a GPU holds of a stage: those split over tensor parallelism and replicated over
/// data parallelism, and those of its experts.
struct StageParameters {
  double dense = 0;
  double experts = 0;
};

/// What head and loss need at once of a micro-batch on one GPU: logits in BF16 and their gradient
/// in FP32; unfused, their FP32 copy and log-softmax as well. Of a chunked loss, logits as large as
/// all tokens' hidden states.
[[nodiscard]] Bytes logit_bytes(const TrainingJob& job);

[[nodiscard]] StageParameters stage_parameters(const TrainingJob& job, const StageContent& stage);

/// The same for a stage of a rank that holds all of `held`: with the embedding on the rank, a tied
/// head and prediction modules need no copy of it.
[[nodiscard]] StageParameters stage_parameters(const TrainingJob& job,
                                               const std::vector<StageContent>& stages,
                                               const std::vector<int>& held, int stage);

/// Bytes kept for the backward pass of one micro-batch of a stage, recomputation considered.
[[nodiscard]] Bytes activation_bytes(const TrainingJob& job, const StageContent& stage);

/// The same, and what is left of it between the input and the weight gradient.
[[nodiscard]] StageActivations stage_activations(const TrainingJob& job, const StageContent& stage);

/// The footprint of each pipeline rank.
[[nodiscard]] std::vector<MemoryFootprint> memory_footprints(
    const TrainingJob& job, const std::vector<StageContent>& stages, const PipelinePlan& plan);

}  // namespace fleetwright
