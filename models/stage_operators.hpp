#pragma once

#include <vector>

#include "models/op_graph.hpp"
#include "models/schedules/pipeline_schedule.hpp"
#include "models/training_job.hpp"

namespace fleetwright {

/// What a pipeline stage holds. Layers are 0-based; those from model.layers on are multi-token
/// prediction modules.
struct StageContent {
  bool embedding = false;
  std::vector<int> layers;
  bool head = false;  // output head and loss
};

/// The stages of a job, `stages` of them (pp, or pp x vpp). From strategy.stage_layers, or as even
/// as they go; the embedding is on the first, the head and the prediction modules are on the last.
[[nodiscard]] std::vector<StageContent> stage_contents(const TrainingJob& job, int stages);

/// The operators of one micro-batch in one pass through a stage on one GPU, recomputation included
/// (in the backward passes). Pass::backward is input_gradient and weight_gradient together, the
/// weight gradient of each block following its input gradient.
[[nodiscard]] OpGraph stage_operators(const TrainingJob& job, const StageContent& stage, Pass pass);

}  // namespace fleetwright
