#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/step_estimate.hpp"

namespace fleetwright {

/// A link between two islands, as fast in one direction as in the other.
struct IslandLink {
  int first = 0;
  int second = 0;
  BytesPerSecond bandwidth;  // one way
  Seconds latency;           // one way, what the islands' own networks add not counted
};

/// How islands share a job.
enum class IslandMode : std::uint8_t {
  pipeline,  // each holds some of the pipeline's ranks
  replicas,  // each holds replicas of the whole model and takes a part of the batch
};

[[nodiscard]] std::string_view to_string(IslandMode mode);

/// What an island does in a job. Its cluster may have more GPUs than the strategy uses: the first
/// ones are used.
struct IslandPart {
  std::string name;
  StepSetup setup;
};

/// A job on several islands of unlike machines, with number formats and software of their own.
///
/// Pipeline: parts come in the order of the stages. A part's strategy.pp counts its ranks; dp, cp,
/// micro-batch, schedule, chunks and batch are the same in all parts, and no stage has two copies.
/// strategy.stage_layers of the first part are those of all stages.
///
/// Replicas: each part has a strategy of its own, and global_batch is its share of the sequences.
/// Gradients are reduced inside the islands first, then each GPU's shard around a ring of islands
/// in the order of the parts, so the optimizer must be sharded (zero_stage 1 or 2).
struct IslandJob {
  IslandMode mode = IslandMode::pipeline;
  std::vector<IslandPart> parts;
  std::vector<IslandLink> links;

  /// Sequences of a step.
  [[nodiscard]] int global_batch() const;
  /// The link between two parts; nothing where there is none.
  [[nodiscard]] const IslandLink* link(int a, int b) const;
};

/// What an island did in a step.
struct IslandUse {
  std::string name;
  int first_rank = 0;
  int ranks = 0;
  int used = 0;                   // GPUs
  int sequences = 0;              // that pass through it
  std::vector<int> stage_layers;  // decoder layers of its pipeline stages
  double parameters = 0;          // of the main model that it holds; replicas hold all
  StepPhases phases;              // what its used GPUs do
  double idle = 0;                // of its used GPUs' time: waiting for other ranks or islands
  Seconds busy;                   // computing, communicating and updating, mean of its ranks
};

/// A step on several islands.
struct IslandEstimate {
  StepEstimate step;  // ranks of all islands, in the order of the parts
  std::vector<IslandUse> islands;
};

/// Predicts a step on several islands as one program on one platform. The job must be consistent:
/// each part's setup but for the size of its cluster, and the parts with each other.
[[nodiscard]] IslandEstimate estimate_islands(const IslandJob& job, const Estimator& estimator);

}  // namespace fleetwright
