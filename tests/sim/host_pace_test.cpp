// Where the host launches kernels more slowly than they run, and what stacks fuse.

#include <gtest/gtest.h>

#include <algorithm>

#include "models/memory.hpp"
#include "models/parameters.hpp"
#include "planner/fusions.hpp"
#include "sim/program_builder.hpp"
#include "sim/step_outcome.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

Seconds time_of(const StepSetup& setup) {
  return step_outcome(setup, AnalyticEstimator(), *make_time_model(setup)).time;
}

StepSetup small_setup() {
  StepSetup s = testing::dense_setup("H100-SXM", 8);
  s.job.model.hidden = 512;
  s.job.model.heads = s.job.model.kv_heads = 8;
  s.job.model.head_dim = 64;
  s.job.model.ffn_hidden = 1536;
  s.job.sequence_length = 512;
  return s;
}

TEST(HostPace, SetsTheTimeOfSmallKernels) {
  StepSetup slow = small_setup(), none = small_setup();
  slow.stack.operator_launch.value = Seconds{20e-6};
  none.stack.operator_launch.value = Seconds{0};
  EXPECT_GT(time_of(slow), time_of(none) * 1.5);
}

TEST(HostPace, DoesNotMatterWhereKernelsAreLong) {
  StepSetup launched = testing::dense_setup("H100-SXM", 8), none = launched;
  none.stack.operator_launch.value = Seconds{0};
  EXPECT_DOUBLE_EQ(time_of(launched).si(), time_of(none).si());
}

TEST(HostPace, CountsTheKernelsOfEachExpert) {
  const auto added_by_biases = [](Seconds launch) {
    StepSetup s = testing::moe_setup("H100-SXM", 8, 1);
    s.stack.grouped_kernels.value = true;
    s.stack.operator_launch.value = s.stack.kernel_launch.value = launch;
    const Seconds without = time_of(s);
    s.job.model.mlp_bias = true;
    return time_of(s) - without;
  };
  EXPECT_GT(added_by_biases(Seconds{0}), Seconds{0});
  EXPECT_GT(added_by_biases(Seconds{1e-3}), 10 * added_by_biases(Seconds{0}));
}

TEST(HostPace, GoesOnWhileCollectivesRun) {
  StepSetup s = small_setup();
  s.job.strategy.dp = 1;
  s.job.strategy.tp = 8;
  s.job.strategy.global_batch = 1;
  s.job.strategy.sequence_parallel = true;
  StepSetup lone = s;
  lone.stack.tensor_overlap.value = 1;  // no collective to launch beside
  const auto added = [](StepSetup setup) {
    setup.stack.operator_launch.value = Seconds{0};
    const Seconds none = time_of(setup);
    setup.stack.operator_launch.value = Seconds{100e-6};
    return time_of(setup) - none;
  };
  EXPECT_LT(added(s), added(lone));
}

TEST(HostPace, LaunchesEachExpertAloneWithoutGroupedKernels) {
  StepSetup grouped = testing::moe_setup("H800-SXM", 8, 1), alone = grouped;
  for (StepSetup* s : {&grouped, &alone}) {
    s->stack.operator_launch.value = s->stack.kernel_launch.value = Seconds{100e-6};
  }
  alone.stack.grouped_kernels.value = false;
  EXPECT_GT(time_of(alone), time_of(grouped));
}

TEST(HostPace, PaysForTensorCollectivesWhereThePipelineSpansNodes) {
  const auto slowed = [](int gpus, int tp) {
    StepSetup s = testing::dense_setup("H100-SXM", gpus);
    s.job.strategy.pp = 2;
    s.job.strategy.tp = tp;
    s.job.strategy.dp = gpus / 2 / tp;
    s.job.strategy.global_batch = 8 * s.job.strategy.dp;
    const Seconds before = time_of(s);
    s.stack.spanning_collective_launch.value = Seconds{1e-3};
    return time_of(s) / before;
  };
  EXPECT_EQ(slowed(8, 2), 1) << "on one node";
  EXPECT_EQ(slowed(16, 1), 1) << "no tensor parallelism";
  EXPECT_GT(slowed(16, 2), 1);
  EXPECT_GT(slowed(16, 8), slowed(16, 2));
}

TEST(HostPace, WaitsForTheMessagesOfAStageInEachPass) {
  StepSetup s = testing::dense_setup("H100-SXM", 8);
  s.job.strategy.pp = 4;
  s.job.strategy.tp = 1;
  s.job.strategy.dp = 2;
  s.job.strategy.global_batch = 2 * 16 * s.job.strategy.micro_batch;
  const Seconds before = time_of(s);
  s.stack.send_wait.value = Seconds{1};
  // Inner stages wait twice in each pass of 16 micro-batches; filling and draining wait besides.
  const double waited = (time_of(s) - before).si();
  EXPECT_GE(waited, 16 * 4);
  EXPECT_LE(waited, (16 + 3) * 4);
  s.job.strategy.pp = 1;
  s.job.strategy.dp = 8;
  const Seconds alone = time_of(s);
  s.stack.send_wait.value = Seconds{0};
  EXPECT_EQ(time_of(s), alone) << "no pipeline, no messages";
}

TEST(HostPace, IsThatOfTheProcessorsForAnOptimizerOnTheHost) {
  StepSetup s = testing::dense_setup("H100-SXM", 8);
  s.stack.optimizer_on_host.value = true;
  s.stack.host_optimizer_rate.value = 1e9;
  const Seconds slow = time_of(s);
  s.stack.host_optimizer_rate.value = 2e9;
  // Sharded over the eight GPUs of the node: each parameter once.
  const double updated = total_parameters(s.job.model);
  EXPECT_NEAR((slow - time_of(s)).si(), updated / 2e9, 0.01 * updated / 2e9);
}

TEST(Fusions, OfAStackDecideWhichOperatorsAJobHas) {
  StepSetup fused = testing::dense_setup("A100-SXM-80", 8), unfused = fused;
  unfused.stack.fused_activation.value = unfused.stack.fused_loss.value = false;
  unfused.stack.fused_gradient_accumulation.value = false;
  apply_fusions(unfused.stack, unfused.job);
  const StageContent all{false, {0}, true};
  const auto count = [&](const StepSetup& s, std::string_view name) {
    const OpGraph graph = stage_operators(s.job, all, Pass::backward);
    return std::ranges::count_if(graph.nodes(), [&](const auto& n) { return n.name == name; });
  };
  EXPECT_EQ(count(fused, "accumulate gradient"), 0);
  EXPECT_EQ(count(unfused, "accumulate gradient"), 4) << "qkv, o, up, down";
  EXPECT_GT(time_of(unfused), time_of(fused));
}

TEST(Fusions, SaveMemory) {
  StepSetup setup = testing::dense_setup("H100-SXM", 8);
  const auto buffers = [&] {
    return step_outcome(setup, AnalyticEstimator(), *make_time_model(setup)).fullest();
  };
  const MemoryFootprint fused = buffers();
  setup.job.fused_loss = false;
  const double logits = 4096.0 * setup.job.model.vocabulary;
  EXPECT_NEAR((buffers().buffers - fused.buffers).si(), logits * 8, 1);
  setup.job.fused_activation = false;
  const double activated = 4096.0 * setup.job.model.ffn_hidden * 2;
  EXPECT_NEAR((buffers().activations - fused.activations).si(), activated * setup.job.model.layers,
              1);
}

TEST(Memory, OfALossInChunksIsThatOfHiddenStates) {
  StepSetup setup = testing::dense_setup("H100-SXM", 8);
  const Bytes whole = logit_bytes(setup.job);
  setup.job.chunked_loss = true;
  EXPECT_DOUBLE_EQ(whole / logit_bytes(setup.job),
                   static_cast<double>(setup.job.model.vocabulary) / setup.job.model.hidden);
}

TEST(Memory, IsFreeOfAnOptimizerOnTheHost) {
  StepSetup setup = testing::dense_setup("H100-SXM", 8);
  const auto fullest = [&] {
    return step_outcome(setup, AnalyticEstimator(), *make_time_model(setup)).fullest();
  };
  EXPECT_GT(fullest().optimizer, Bytes{0});
  setup.job.optimizer_on_host = true;
  EXPECT_EQ(fullest().optimizer + fullest().gradients, Bytes{0});
}

TEST(Memory, IsHeldBesideTheTensorsByTheAllocator) {
  StepSetup setup = testing::dense_setup("H100-SXM", 8);
  const auto peak = [&] {
    return step_outcome(setup, AnalyticEstimator(), *make_time_model(setup)).fullest().peak();
  };
  const Bytes tensors = peak();
  setup.job.memory_overhead = 0.2;
  EXPECT_NEAR(peak() / tensors, 1.2, 1e-9);
}

TEST(Memory, ShrinksWithSelectiveRecomputePerOperator) {
  StepSetup setup = testing::dense_setup("H100-SXM", 8);
  const StageContent layer{false, {0}, false};
  const Bytes whole = stage_activations(setup.job, layer).for_backward;
  setup.job.strategy.recompute = Recompute::selective;
  setup.job.selective = SelectiveRecompute::per_operator;
  const Bytes kept = stage_activations(setup.job, layer).for_backward;
  setup.job.strategy.recompute = Recompute::full;
  const Bytes input = stage_activations(setup.job, layer).for_backward;
  EXPECT_LT(kept, whole);
  EXPECT_GT(kept, input);
}

TEST(SelectiveRecompute, MeansWhatTheStackSays) {
  StepSetup s = testing::dense_setup("A100-SXM-80", 8);
  s.job.strategy.recompute = Recompute::selective;
  const auto kernels = [&](std::string_view name) {
    const OpGraph graph = stage_operators(s.job, {false, {0}, false}, Pass::input_gradient);
    return std::ranges::count_if(graph.nodes(),
                                 [&](const auto& n) { return kernel_name(n.op) == name; });
  };
  s.stack.selective_recompute.value = "norms";
  apply_fusions(s.stack, s.job);
  EXPECT_EQ(kernels("attention_forward"), 0);
  EXPECT_EQ(kernels("gemm"), 4);
  s.stack.selective_recompute.value = "core-attention";
  apply_fusions(s.stack, s.job);
  EXPECT_EQ(kernels("attention_forward"), 1);
  s.stack.selective_recompute.value = "per-operator";
  apply_fusions(s.stack, s.job);
  EXPECT_EQ(kernels("attention_forward"), 0);
  EXPECT_EQ(kernels("gemm"), 4 + 3) << "k, the output and the second of the gated pair";
}

TEST(Fusions, TransformerEnginesCastsWriteBothLayouts) {
  StepSetup s = testing::dense_setup("H100-SXM", 8);
  s.job.precision.gemm = Precision::fp8;
  const auto kernels = [&](Pass pass) {
    std::vector<std::string> names;
    const OpGraph graph = stage_operators(s.job, {false, {0}, false}, pass);
    for (const auto& node : graph.nodes()) names.emplace_back(kernel_name(node.op));
    return names;
  };
  const auto weight = kernels(Pass::weight_gradient);
  EXPECT_TRUE(std::ranges::all_of(weight, [](const auto& n) { return n == "gemm"; }));
  const auto forward = kernels(Pass::forward);
  EXPECT_EQ(std::ranges::count(forward, "cast_transpose"), 3) << "inputs of qkv, o and up";
  s.job.precision.gemm = Precision::fp8_block;
  EXPECT_EQ(std::ranges::count(kernels(Pass::weight_gradient), "quantize_transpose_1x128"), 8);
}

TEST(Sends, AreWholeOnEachRankWithoutScatter) {
  StepSetup scattered = testing::dense_setup("A100-SXM-80", 16);
  scattered.job.strategy.tp = 4;
  scattered.job.strategy.pp = 4;
  scattered.job.strategy.dp = 1;
  scattered.job.strategy.global_batch = 8;
  StepSetup whole = scattered;
  whole.stack.scatters_sends.value = false;
  EXPECT_GT(time_of(whole), time_of(scattered));
}

}  // namespace
}  // namespace fleetwright
