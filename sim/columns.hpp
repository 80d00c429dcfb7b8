#pragma once

#include "models/strategy.hpp"

namespace fleetwright {

/// A cluster cut so that only data-parallel collectives join the pieces. A column is the GPUs whose
/// tensor, context and expert-parallel groups and pipelines hang together: the same `width`
/// consecutive GPUs of each stage.
struct ColumnLayout {
  int width = 1;
  int count = 1;
  int stage_ranks = 1;  // GPUs of a stage: width * count

  /// Of a GPU, by its place in its stage.
  [[nodiscard]] int column_of(int gpu) const { return gpu % stage_ranks / width; }
  /// The GPU that stands for a column where `gpu` stands for the first one.
  [[nodiscard]] int gpu_in(int column, int gpu) const { return gpu + column * width; }
};

[[nodiscard]] ColumnLayout lay_out_columns(const ParallelStrategy& strategy);

}  // namespace fleetwright
