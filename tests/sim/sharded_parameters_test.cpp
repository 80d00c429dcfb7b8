// ZeRO-3: parameters come before each pass through a layer, gradients go after it.

#include <gtest/gtest.h>

#include <algorithm>

#include "models/parameters.hpp"
#include "sim/program_builder.hpp"
#include "sim/step_outcome.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

StepSetup sharded_setup(int micro_batches) {
  StepSetup s = testing::dense_setup("H100-SXM", 16);
  s.job.strategy.zero_stage = 3;
  s.job.strategy.global_batch = 16 * micro_batches;
  return s;
}

int count_of(const StepProgram& program, std::string_view label) {
  return static_cast<int>(std::ranges::count_if(program.tasks(), [&](const Task& task) {
    return program.labels()[task.label].starts_with(label);
  }));
}

Seconds time_of(const StepSetup& setup) {
  return step_outcome(setup, AnalyticEstimator(), *make_time_model(setup)).time;
}

TEST(ShardedParameters, AreGatheredInEachPassAndReducedAfterEachBackward) {
  const StepSetup setup = sharded_setup(3);
  const Fabric fabric = build_fabric(setup.cluster);
  const BuiltStep step = build_step(setup, fabric, *make_time_model(setup));
  const int layers = setup.job.model.layers;
  // Forward: the layers and the root (embedding and head). Backward: the layers.
  EXPECT_EQ(count_of(step.program, "all_gather"), 3 * (layers + 1 + layers));
  EXPECT_EQ(count_of(step.program, "reduce_scatter"), 3 * (layers + 1));
  EXPECT_EQ(count_of(step.program, "all_reduce"), 0);
}

TEST(ShardedParameters, WithAPipelineAreGatheredAndReducedOnceAStep) {
  StepSetup setup = sharded_setup(3);
  setup.job.strategy.pp = 2;
  setup.job.strategy.dp = 8;
  setup.job.strategy.global_batch = 8 * 3;
  const Fabric fabric = build_fabric(setup.cluster);
  const BuiltStep step = build_step(setup, fabric, *make_time_model(setup));
  const int units = setup.job.model.layers + 2;  // embedding and head are on different ranks
  EXPECT_EQ(count_of(step.program, "all_gather"), units);
  EXPECT_EQ(count_of(step.program, "reduce_scatter"), units);
}

TEST(ShardedParameters, WithAPipelineLeaveStagesAndGradientsWholeInMemory) {
  StepSetup setup = sharded_setup(1);
  setup.job.strategy.pp = 2;
  setup.job.strategy.dp = 8;
  setup.job.strategy.global_batch = 8;
  const auto times = make_time_model(setup);
  const MemoryFootprint sharded = step_outcome(setup, AnalyticEstimator(), *times).fullest();
  setup.job.strategy.zero_stage = 1;
  const MemoryFootprint whole = step_outcome(setup, AnalyticEstimator(), *times).fullest();
  EXPECT_EQ(sharded.gradients, whole.gradients);
  EXPECT_NEAR(sharded.weights.si(), whole.weights.si() / 8, 1);
  const double stage = whole.weights.si() / setup.job.precision.weight_bytes;
  EXPECT_NEAR((sharded.buffers - whole.buffers).si(),
              stage * setup.job.precision.parameter_gather_bytes, 1);
}

TEST(ShardedParameters, CostMoreTimeThanAShardedOptimizer) {
  StepSetup kept = sharded_setup(4);
  kept.job.strategy.zero_stage = 1;
  EXPECT_GT(time_of(sharded_setup(4)), time_of(kept));
}

TEST(ShardedParameters, HideBehindComputationWherePrefetched) {
  StepSetup exposed = sharded_setup(4);
  exposed.stack.overlap_parameter_gather.value = false;
  EXPECT_LT(time_of(sharded_setup(4)) * 1.02, time_of(exposed));
}

TEST(ShardedParameters, LeaveTwoLayersAndTheRootInMemory) {
  StepSetup kept = sharded_setup(1);
  kept.job.strategy.zero_stage = 2;
  const StepSetup sharded = sharded_setup(1);
  const auto times = make_time_model(kept);
  const MemoryFootprint all = step_outcome(kept, AnalyticEstimator(), *times).fullest();
  const MemoryFootprint parts = step_outcome(sharded, AnalyticEstimator(), *times).fullest();
  const double bytes = kept.job.precision.weight_bytes;
  const double total = total_parameters(kept.job.model);
  EXPECT_NEAR(parts.weights.si(), total * bytes / 16, 1);
  const double layer = layer_parameters(kept.job.model, 0).total();
  const double root = total - 8 * layer;
  EXPECT_NEAR((parts.buffers - all.buffers).si(), (2 * layer + root) * 2, 1);
}

}  // namespace
}  // namespace fleetwright
