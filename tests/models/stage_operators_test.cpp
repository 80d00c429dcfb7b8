#include "models/stage_operators.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "models/flop_count.hpp"
#include "models/memory.hpp"
#include "models/parameters.hpp"
#include "models/routing.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

TrainingJob job_of(bool moe) {
  return moe ? testing::moe_setup("H800-SXM", 8, 1).job : testing::dense_setup("H800-SXM", 8).job;
}

Flop stage_flop(const TrainingJob& job, Pass pass) {
  Flop sum;
  for (const StageContent& stage : stage_contents(job, job.strategy.pp)) {
    sum += flop(stage_operators(job, stage, pass));
  }
  return sum;
}

TEST(StageOperators, ForwardFlopAreThoseOfTheModel) {
  for (const bool moe : {false, true}) {
    TrainingJob job = job_of(moe);
    job.strategy.ep = 1;
    const double expected =
        forward_flop_per_token(job.model, job.sequence_length, AttentionCount::causal, true).si() *
        job.sequence_length;
    EXPECT_NEAR(stage_flop(job, Pass::forward).si() / expected, 1.0, 1e-9) << moe;
  }
}

TEST(StageOperators, TheTwoGradientsEachCostAForwardPass) {
  TrainingJob job = job_of(false);
  const double forward = stage_flop(job, Pass::forward).si();
  const double backward = stage_flop(job, Pass::backward).si();
  EXPECT_NEAR(backward,
              (stage_flop(job, Pass::input_gradient) + stage_flop(job, Pass::weight_gradient)).si(),
              1.0);
  // Flash attention's backward pass recomputes the scores: five products for two.
  const double attention = job.model.layers * 2.0 * job.sequence_length * job.sequence_length / 2 *
                           job.model.heads * 2 * job.model.head_dim;
  EXPECT_NEAR(backward, 2 * forward + 0.5 * attention, 1e-6 * backward);
}

TEST(StageOperators, TensorParallelismSplitsTheWork) {
  TrainingJob job = job_of(false);
  const double alone = stage_flop(job, Pass::forward).si();
  job.strategy.tp = 4;
  EXPECT_NEAR(stage_flop(job, Pass::forward).si(), alone / 4, 1e-9 * alone);
}

TEST(StageOperators, RecomputationThatStopsEarlyLeavesOutTheLastProductOfEachLayer) {
  TrainingJob job = job_of(false);
  job.strategy.recompute = Recompute::full;
  const double whole = stage_flop(job, Pass::backward).si();
  job.recompute_stops_early = true;
  const double product = 2.0 * job.sequence_length * job.model.hidden * job.model.ffn_hidden;
  EXPECT_NEAR(whole - stage_flop(job, Pass::backward).si(), job.model.layers * product,
              1e-9 * whole);
}

TEST(StageOperators, FullRecomputationAddsAForwardPassOfTheLayers) {
  TrainingJob job = job_of(false);
  const double plain = stage_flop(job, Pass::backward).si();
  job.strategy.recompute = Recompute::full;
  StageContent layers{false, {0, 1, 2, 3, 4, 5, 6, 7}, false};
  EXPECT_NEAR(stage_flop(job, Pass::backward).si(),
              plain + flop(stage_operators(job, layers, Pass::forward)).si(), 1e-6 * plain);
}

double context_bytes(const TrainingJob& job, Pass pass, CollectiveKind kind) {
  double sum = 0;
  const OpGraph graph = stage_operators(job, stage_contents(job, 1)[0], pass);
  for (const OpNode& node : graph.nodes()) {
    const auto* c = std::get_if<CollectiveCall>(&node.op);
    if (c && c->group == CommunicationGroup::context && c->kind == kind) sum += c->bytes.si();
  }
  return sum;
}

TEST(StageOperators, AttentionInBlocksMovesKeysOfAllHeadsAndGradientsInFp32) {
  TrainingJob job = job_of(false);
  job.model.kv_heads = job.model.heads / 4;
  job.strategy.cp = 4;
  const double keys = 2.0 * job.sequence_length * job.model.kv_heads * job.model.head_dim *
                      job.model.layers;  // and values
  using enum CollectiveKind;
  EXPECT_EQ(context_bytes(job, Pass::forward, all_gather), keys * 2);
  EXPECT_EQ(context_bytes(job, Pass::backward, all_gather), 0);
  EXPECT_EQ(context_bytes(job, Pass::backward, reduce_scatter), keys * 2);
  job.attention_in_blocks = true;
  EXPECT_EQ(context_bytes(job, Pass::forward, all_gather), 4 * keys * 2);
  EXPECT_EQ(context_bytes(job, Pass::backward, all_gather), 4 * keys * 2);
  EXPECT_EQ(context_bytes(job, Pass::backward, reduce_scatter), 4 * keys * 4);
}

TEST(StageOperators, AttentionInBlocksMergesWhatEachBlockGives) {
  TrainingJob job = job_of(false);
  job.attention_in_blocks = true;
  const auto merged_rows = [&](Pass pass) {
    double rows = 0;
    const OpGraph graph = stage_operators(job, stage_contents(job, 1)[0], pass);
    for (const OpNode& node : graph.nodes()) {
      const auto* e = std::get_if<Elementwise>(&node.op);
      if (e && e->kind == ElementwiseKind::merge_blocks) rows += e->rows;
    }
    return rows / job.model.layers;
  };
  EXPECT_EQ(merged_rows(Pass::forward), 0) << "one rank has all keys";
  job.strategy.cp = 4;
  const double local = job.sequence_length / 4.0;
  EXPECT_EQ(merged_rows(Pass::forward), 3 * local);
  EXPECT_EQ(merged_rows(Pass::backward), 4 * local);
}

TEST(StageOperators, ExpertsSendAndReceiveOncePerPass) {
  TrainingJob job = job_of(true);
  for (const Pass pass : {Pass::forward, Pass::input_gradient, Pass::weight_gradient}) {
    int dispatched = 0, combined = 0;
    for (const StageContent& stage : stage_contents(job, 1)) {
      const OpGraph graph = stage_operators(job, stage, pass);
      for (const OpNode& node : graph.nodes()) {
        if (const auto* c = std::get_if<CollectiveCall>(&node.op)) {
          dispatched += c->kind == CollectiveKind::dispatch;
          combined += c->kind == CollectiveKind::combine;
        }
      }
    }
    const int expected = pass == Pass::weight_gradient ? 0 : job.model.moe_layers();
    EXPECT_EQ(dispatched, expected) << to_string(pass);
    EXPECT_EQ(combined, expected) << to_string(pass);
  }
}

TEST(StageOperators, InputsAreEarlierNodes) {
  const TrainingJob job = job_of(true);
  const OpGraph graph = stage_operators(job, stage_contents(job, 1)[0], Pass::backward);
  for (NodeId id = 0; id < graph.nodes().size(); ++id) {
    for (const NodeId input : graph.nodes()[id].inputs) EXPECT_LT(input, id);
  }
}

TEST(StageContents, HoldEveryLayerOnceAndThePredictionModuleLast) {
  TrainingJob job = job_of(false);
  job.model.mtp_layers = 1;
  const auto stages = stage_contents(job, 3);
  std::vector<int> layers;
  for (const StageContent& s : stages)
    layers.insert(layers.end(), s.layers.begin(), s.layers.end());
  std::vector<int> expected(9);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(layers, expected);
  EXPECT_TRUE(stages.front().embedding);
  EXPECT_TRUE(stages.back().head);
}

TEST(Routing, ReachesAsManyNodesAsChosen) {
  MixtureOfExperts moe;
  moe.experts = 256;
  moe.active = 8;
  EXPECT_DOUBLE_EQ(expected_places_reached(moe, 1), 1);
  EXPECT_NEAR(expected_places_reached(moe, 256), 8, 1e-9);  // one expert a place
  moe.groups = 8;
  moe.groups_active = 4;
  EXPECT_LT(expected_places_reached(moe, 8), 4);
  EXPECT_NEAR(expected_places_reached(moe, 256), 8, 1e-9);
}

TEST(Memory, StagesHoldAllParameters) {
  for (const bool moe : {false, true}) {
    TrainingJob job = job_of(moe);
    job.strategy.ep = 1;
    double held = 0;
    for (const StageContent& stage : stage_contents(job, 4)) {
      const StageParameters p = stage_parameters(job, stage);
      held += p.dense + p.experts;
    }
    EXPECT_NEAR(held / total_parameters(job.model), 1.0, 1e-6) << moe;
  }
}

TEST(Memory, AStateWithoutShardingIsSixteenToEighteenBytesAParameter) {
  TrainingJob job = job_of(false);
  job.strategy.zero_stage = 0;
  PipelinePlan plan = builtin_schedules()[0].make()->plan({1, 1, 8});
  const auto stages = stage_contents(job, 1);
  const MemoryFootprint f = memory_footprints(job, stages, plan)[0];
  const double bytes = (f.weights + f.gradients + f.optimizer).si() / total_parameters(job.model);
  EXPECT_NEAR(bytes, 18, 0.1);  // BF16 weights, FP32 gradients, master weights and two moments
  job.strategy.zero_stage = 1;
  EXPECT_LT(memory_footprints(job, stages, plan)[0].optimizer, f.optimizer / 7.9);
}

TEST(Memory, FullRecomputationKeepsLayerInputsOnly) {
  TrainingJob job = job_of(false);
  const StageContent stage{false, {0, 1}, false};
  job.strategy.recompute = Recompute::full;
  EXPECT_DOUBLE_EQ(activation_bytes(job, stage).si(),
                   2.0 * job.sequence_length * job.model.hidden * 2);
}

TEST(Memory, ActivationsOfATransformerLayerFollowKorthikanti) {
  // arXiv 2205.05198, table 2, tensor parallelism with sequence parallelism: s b h (10 + 24/t + 5 a
  // s / (h t)) with dropout masks; without masks and with flash attention 34/t less what is
  // recomputed.
  TrainingJob job = job_of(false);
  job.model.mlp = MlpKind::gelu;
  job.model.ffn_hidden = 4 * job.model.hidden;
  const double sbh = static_cast<double>(job.sequence_length) * job.model.hidden;
  const double per = activation_bytes(job, {false, {0}, false}).si() / sbh;
  EXPECT_GT(per, 26);
  EXPECT_LT(per, 34);
}

}  // namespace
}  // namespace fleetwright
