#include "sim/step_estimate.hpp"

#include <gtest/gtest.h>

#include "models/flop_count.hpp"
#include "sim/program_builder.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

double sum(const StepParts& p) {
  return (p.forward + p.backward + p.weight_gradient + p.overlapped + p.gradient_sync +
          p.optimizer + p.bubble)
      .si();
}

StepEstimate estimate(const StepSetup& s) { return estimate_step(s, AnalyticEstimator()); }

StepSetup pipelined(const std::string& schedule) {
  StepSetup s = testing::moe_setup("H800-SXM", 64, 4);
  testing::set_schedule(s, schedule);
  s.job.strategy.global_batch = s.job.strategy.dp * 16;
  return s;
}

TEST(StepEstimate, PartsOfEveryRankAddUpToTheStep) {
  for (const std::string& schedule : names_of(builtin_schedules())) {
    const StepEstimate e = estimate(pipelined(schedule));
    for (const RankTime& r : e.ranks) {
      const double total = (r.compute + r.exposed_communication + r.bubble + r.optimizer).si();
      EXPECT_NEAR(total, e.time.si(), 1e-9 * e.time.si()) << schedule;
      EXPECT_NEAR(sum(r.parts), e.time.si(), 1e-9 * e.time.si()) << schedule;
    }
  }
}

TEST(StepEstimate, OneFOneBIdlesAsItsClosedForm) {
  StepSetup s = testing::dense_setup("H100-SXM", 8);
  s.job.model.vocabulary = 1;  // equal stages: the head costs nothing
  s.job.strategy.pp = 4;
  s.job.strategy.dp = 2;
  s.job.strategy.global_batch = 2 * 16;
  const StepEstimate e = estimate(s);
  // (p-1)(F+B) of m (F+B): 3/16 of the time that the passes take; sends between stages add a
  // little.
  const RankTime& r = e.ranks[1];
  EXPECT_NEAR(r.bubble.si() / (r.parts.forward + r.parts.backward).si(), 3.0 / 16, 0.02);
}

TEST(StepEstimate, ZeroBubbleSchedulesIdleAsTheirClosedForms) {
  StepSetup s = testing::dense_setup("H100-SXM", 8);
  s.job.model.vocabulary = 1;  // equal stages: the head costs nothing
  s.job.strategy.pp = 4;
  s.job.strategy.dp = 2;
  s.job.strategy.global_batch = 2 * 16;
  const auto idle = [&](const std::string& schedule) {
    testing::set_schedule(s, schedule);
    return estimate(s).ranks[1];
  };
  const RankTime h1 = idle("zb-h1");
  const double passes = (h1.parts.forward + h1.parts.backward + h1.parts.weight_gradient).si();
  // (p-1)(F+B-W), B the input gradient, of m (F+B+W); sends between stages add a little.
  const double closed =
      3.0 / 16 * (h1.parts.forward + h1.parts.backward - h1.parts.weight_gradient).si() / passes;
  EXPECT_NEAR(h1.bubble.si() / passes, closed, 0.02);
  // Nothing but up to p - 1 forwards of half a rank's stages, as far as the passes are equal.
  const RankTime v = idle("zb-v");
  EXPECT_LT(v.bubble.si(), 1.6 * 3.0 / 16 * v.parts.forward.si() / 2);
  EXPECT_LT(v.bubble, 0.5 * h1.bubble);
}

TEST(StepEstimate, InterleavingShrinksTheBubble) {
  StepSetup plain = testing::dense_setup("H100-SXM", 32);
  plain.job.strategy.pp = 4;
  plain.job.strategy.dp = 8;
  plain.job.strategy.global_batch = 8 * 8;
  StepSetup interleaved = plain;
  testing::set_schedule(interleaved, "interleaved");
  EXPECT_LT(estimate(interleaved).time, estimate(plain).time);
}

TEST(StepEstimate, DualPipeHidesExpertCommunication) {
  const StepEstimate plain = estimate(pipelined("1f1b"));
  const StepEstimate dual = estimate(pipelined("dualpipe"));
  EXPECT_LT(dual.critical().exposed_communication, plain.critical().exposed_communication * 0.7);
}

TEST(StepEstimate, MoreMicroBatchesCostInProportionOnceThePipelineIsFull) {
  StepSetup s = pipelined("dualpipe");
  const Seconds short_step = estimate(s).time;
  s.job.strategy.global_batch *= 2;
  const Seconds middle = estimate(s).time;
  s.job.strategy.global_batch += s.job.strategy.dp * 16;
  const Seconds longer = estimate(s).time;
  EXPECT_NEAR((longer - middle).si(), (middle - short_step).si(), 0.01 * middle.si());
}

TEST(StepEstimate, TensorParallelismExposesItsCollectives) {
  StepSetup s = testing::dense_setup("H100-SXM", 8);
  s.job.strategy.dp = 1;
  s.job.strategy.tp = 8;
  s.job.strategy.sequence_parallel = true;
  s.job.strategy.global_batch = 8;
  EXPECT_GT(estimate(s).critical().exposed_communication, Seconds{0});
  s.stack.tensor_overlap.value = 1.0;
  EXPECT_LT(estimate(s).critical().exposed_communication.si(), 1e-9);
}

TEST(StepEstimate, KeysHideNoLongerThanAttentionLasts) {
  StepSetup s = testing::dense_setup("H100-SXM", 16);
  s.job.strategy.cp = 16;
  s.job.strategy.dp = 1;
  s.job.strategy.global_batch = 1;
  s.job.sequence_length = 131072;
  const auto exposed = [&](double overlap, double bandwidth) {
    s.stack.context_overlap.value = overlap;
    s.cluster.nic.achievable_bandwidth.value = BytesPerSecond{bandwidth};
    return estimate(s).critical().exposed_communication.si();
  };
  EXPECT_GT(exposed(0, 40e9), 0);
  EXPECT_LT(exposed(1, 40e9), 0.1 * exposed(0, 40e9));
  EXPECT_GT(exposed(1, 0.5e9), 0.5 * exposed(0, 0.5e9)) << "longer than attention";
}

TEST(StepEstimate, ExchangesHideNoLongerThanKernelsLast) {
  StepSetup s = testing::moe_setup("H800-SXM", 64, 1);
  s.stack.expert_overlap.value = 1.0;
  const auto exposed = [&](double bandwidth) {
    s.cluster.nic.achievable_bandwidth.value = BytesPerSecond{bandwidth};
    return estimate(s).critical().exposed_communication.si();
  };
  const double slow = exposed(1e9), slower = exposed(0.5e9);
  EXPECT_GT(slow, 0);
  EXPECT_GT(slower, 2 * slow) << "the kernels hide as much, of twice as long an exchange";
}

TEST(StepEstimate, GradientsReducedBesideTheBackwardPassCostLess) {
  StepSetup s = testing::dense_setup("A100-SXM-80", 64);
  s.job.strategy.global_batch = 64 * 2;
  s.stack.overlap_gradient_reduction.value = true;
  const Seconds beside = estimate(s).time;
  s.stack.overlap_gradient_reduction.value = false;
  EXPECT_LT(beside, estimate(s).time);
}

TEST(StepEstimate, AGradientIsReducedOnceHoweverManyMicroBatchesAddToIt) {
  StepSetup s = testing::dense_setup("H100-SXM", 8);
  s.stack.overlap_gradient_reduction.value = false;
  const auto parts_of = [&](int micro_batches) {
    s.job.strategy.global_batch = 8 * micro_batches;
    return estimate(s).ranks[0].parts;
  };
  const StepParts one = parts_of(1);
  const StepParts four = parts_of(4);
  EXPECT_GT(one.gradient_sync + one.optimizer, Seconds{0});
  EXPECT_NEAR((four.gradient_sync + four.optimizer).si(), (one.gradient_sync + one.optimizer).si(),
              1e-9);
  EXPECT_NEAR((four.forward + four.backward).si(), 4 * (one.forward + one.backward).si(), 1e-9);
}

TEST(StepEstimate, AWaitForTheFullestExpertRankCostsTime) {
  StepSetup s = pipelined("1f1b");
  const Seconds balanced = estimate(s).time;
  s.job.expert_imbalance = 1.3;
  EXPECT_GT(estimate(s).time, balanced);
}

TEST(StepEstimate, EveryKernelTimeNamesItsSource) {
  for (const ProvenanceEntry& p : estimate(pipelined("dualpipe")).provenance) {
    EXPECT_FALSE(p.provenance.source.empty()) << p.quantity;
  }
}

TEST(StepEstimate, NeverBeatsThePeak) {
  for (const char* id : {"V100-SXM2-32", "A100-SXM-80", "H100-SXM", "H20-96", "B200-SXM"}) {
    StepSetup s = testing::dense_setup(id, 8);
    if (!s.cluster.accelerator.peak_of(Precision::bf16)) {
      s.job.precision.gemm = s.job.precision.attention = s.job.precision.head = Precision::fp16;
    }
    const StepEstimate e = estimate(s);
    const double flop =
        training_flop_per_token(s.job.model, s.job.sequence_length, AttentionCount::causal, true)
            .si() *
        tokens_per_step(s.job);
    const double peak = s.cluster.accelerator.peak_of(s.job.precision.gemm)->value.si();
    const double mfu = flop / (e.time.si() * s.cluster.gpus * peak);
    EXPECT_LT(mfu, 0.97) << id;
    EXPECT_GT(mfu, 0.25) << id;
  }
}

TEST(StageLayout, BalancedDealsFewerLayersToTheStageWithTheHead) {
  StepSetup s = testing::dense_setup("H100-SXM", 8);
  s.job.model.vocabulary = 256000;
  s.job.model.layers = 16;
  s.job.strategy.pp = 4;
  s.job.strategy.dp = 2;
  s.pipeline_layout = "balanced";
  s.job.strategy.global_batch = 16;
  const StepEstimate balanced = estimate(s);
  EXPECT_LT(balanced.stage_layers.back(), balanced.stage_layers.front());
  s.pipeline_layout = "even";
  EXPECT_LE(balanced.time, estimate(s).time);
}

TEST(StageLayout, BalancedMakesUpForTheFirstAndLastStageOnOneRankOfAV) {
  StepSetup s = testing::dense_setup("H100-SXM", 8);
  s.job.model.vocabulary = 256000;
  s.job.model.layers = 38;
  s.job.strategy.pp = 4;
  s.job.strategy.dp = 2;
  s.job.strategy.global_batch = 2 * 16;
  testing::set_schedule(s, "zb-v");
  s.pipeline_layout = "balanced";
  const StepEstimate balanced = estimate(s);
  const std::vector<int>& layers = balanced.stage_layers;
  for (std::size_t rank = 1; rank < 4; ++rank) {
    EXPECT_GT(layers[rank] + layers[7 - rank], layers[0] + layers[7]);
  }
  double slowest = 0;
  double sum = 0;
  for (const RankTime& rank : balanced.ranks) {
    slowest = std::max(slowest, rank.compute.si());
    sum += rank.compute.si();
  }
  EXPECT_LT(slowest, 1.1 * sum / 4);
  s.pipeline_layout = "even";
  EXPECT_LT(balanced.time, estimate(s).time);
}

}  // namespace
}  // namespace fleetwright
