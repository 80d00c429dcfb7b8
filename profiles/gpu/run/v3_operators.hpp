#pragma once

#include <vector>

#include "models/operators.hpp"
#include "models/training_job.hpp"

namespace fleetwright::gpu {

/// DeepSeek-V3 as it was trained: 16 pipeline stages, experts over 64 GPUs, one sequence of 4,096
/// tokens a micro-batch, FP8 in blocks (arXiv 2412.19437, sections 3 and 4.2). Reads the model's
/// configuration; throws Error if it is not found.
[[nodiscard]] TrainingJob v3_job();

/// Every different kernel that a job runs on some GPU: forward, both gradients, recomputation and
/// the optimizer, in order of first appearance; without collectives, which are the network's.
[[nodiscard]] std::vector<Operator> kernels_of(const TrainingJob& job);

[[nodiscard]] std::vector<Operator> v3_operators();

}  // namespace fleetwright::gpu
