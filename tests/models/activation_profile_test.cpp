#include "models/activation_profile.hpp"

#include <gtest/gtest.h>

#include "models/memory.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

using std::vector;

PipelinePlan plan_of(std::string_view schedule, const PipelineShape& shape) {
  return find_row(builtin_schedules(), schedule)->make()->plan(shape);
}

vector<Bytes> during(const vector<ScheduleSlot>& slots, const vector<StageActivations>& of_stage) {
  vector<Bytes> alive;
  for (const AliveActivations& a : activation_profile(slots, of_stage)) alive.push_back(a.during);
  return alive;
}

TEST(ActivationProfile, RisesWithForwardsAndFallsAfterBackwards) {
  const vector<StageActivations> of_stage(2, {3_B, 2_B});
  const PipelinePlan plan = plan_of("1f1b", {2, 1, 3});
  // F0 F1 B0 F2 B1 B2
  EXPECT_EQ(during(plan.slots[0], of_stage), (vector{3_B, 6_B, 6_B, 6_B, 6_B, 3_B}));
  EXPECT_EQ(during(plan.slots[1], of_stage), (vector{3_B, 3_B, 3_B, 3_B, 3_B, 3_B}));
}

TEST(ActivationProfile, KeepsWhatTheWeightGradientNeedsUntilThen) {
  // F0 I0 F1 I1 W0 W1: arXiv 2401.10241 figure 3 on the last of two ranks.
  const PipelinePlan plan = plan_of("zb-h1", {2, 1, 2});
  const vector<StageActivations> less(2, {3_B, 2_B});
  EXPECT_EQ(during(plan.slots[1], less), (vector{3_B, 3_B, 5_B, 5_B, 4_B, 2_B}));
  // Recomputed inputs and new gradients may be more than what was kept for them.
  const vector<StageActivations> more(2, {3_B, 4_B});
  EXPECT_EQ(during(plan.slots[1], more), (vector{3_B, 4_B, 7_B, 8_B, 8_B, 4_B}));
}

TEST(ActivationProfile, EndsWithNothingAlive) {
  for (const auto& row : builtin_schedules()) {
    const auto schedule = row.make();
    const PipelinePlan plan = schedule->plan({4, schedule->fixed_chunks().value_or(3), 12});
    const vector<StageActivations> of_stage(static_cast<std::size_t>(plan.stages), {3_B, 5_B});
    for (const auto& slots : plan.slots) {
      EXPECT_EQ(activation_profile(slots, of_stage).back().after, 0_B) << row.name;
    }
  }
}

TEST(ActivationProfile, CountsBothPassesOfAPairAtOnce) {
  const StagePass forward{Pass::forward, 0, 0};
  const StagePass next{Pass::forward, 0, 1};
  const StagePass backward{Pass::backward, 0, 0};
  const vector<ScheduleSlot> slots{{forward, {}}, {next, backward}};
  EXPECT_EQ(during(slots, {{3_B, 2_B}}), (vector{3_B, 6_B}));
}

// arXiv 2401.10241 sec. 2.3, counted from 0: (p - r) M_B + r M_W.
TEST(ActivationProfile, OfZbH1PeaksAsPublishedOnEveryRank) {
  constexpr int p = 6;
  const vector<StageActivations> of_stage(p, {34_B, 32_B});
  const PipelinePlan plan = plan_of("zb-h1", {p, 1, 4 * p});
  for (int r = 0; r < p; ++r) {
    EXPECT_EQ(peak_activations(plan.slots[static_cast<std::size_t>(r)], of_stage),
              (p - r) * 34_B + r * 32_B);
  }
}

// arXiv 2401.10241 table 1: 32 s b h bytes for the weight gradients of a GPT layer.
TEST(StageActivations, ForTheWeightGradientAreTheOperandsOfItsProducts) {
  TrainingJob job = testing::dense_setup("H100-SXM", 8).job;
  job.model.mlp = MlpKind::gelu;
  job.model.ffn_hidden = 4 * job.model.hidden;
  const StageActivations kept = stage_activations(job, {false, {0, 1}, false});
  const double sbh = 1.0 * job.sequence_length * job.model.hidden;
  EXPECT_DOUBLE_EQ(kept.for_weight_gradient.si(), 2 * 32 * sbh);
  EXPECT_EQ(kept.for_backward, activation_bytes(job, {false, {0, 1}, false}));
}

TEST(StageActivations, OfTheHeadKeepTheGradientOfItsLogits) {
  const TrainingJob job = testing::dense_setup("H100-SXM", 8).job;
  const StageActivations kept = stage_activations(job, {false, {}, true});
  EXPECT_DOUBLE_EQ(kept.for_weight_gradient.si(),
                   2.0 * job.sequence_length * (job.model.vocabulary + job.model.hidden));
}

TEST(Memory, SchedulesKeepWhatTheirOrderKeeps) {
  TrainingJob job = testing::dense_setup("H100-SXM", 8).job;
  const auto fullest = [&](std::string_view schedule, int chunks) {
    const PipelinePlan plan = plan_of(schedule, {4, chunks, 16});
    Bytes peak;
    for (const auto& f : memory_footprints(job, stage_contents(job, plan.stages), plan)) {
      peak = std::max(peak, f.activations);
    }
    return peak;
  };
  const Bytes one_f_one_b = fullest("1f1b", 1);
  EXPECT_EQ(one_f_one_b, 4 * activation_bytes(job, {true, {0, 1}, false}));
  EXPECT_LT(fullest("v-min", 2), fullest("v-half", 2));
  EXPECT_LT(fullest("v-half", 2), fullest("zb-v", 2));
  EXPECT_NEAR(fullest("zb-v", 2) / one_f_one_b, 1, 0.1);  // operands may be more than activations
  EXPECT_GT(fullest("interleaved", 2), 1.3 * one_f_one_b);
  // One of 8 stages more than there are, held by half as many ranks.
  EXPECT_NEAR(fullest("dualpipe-v", 2) / one_f_one_b, 9.0 / 8, 0.02);
  EXPECT_NEAR(fullest("dualpipe", 1) / one_f_one_b, 5.0 / 4, 0.02);
}

// DeepSeek-V3 (arXiv 2412.19437) section 3.2.3: DualPipe puts the first and the last stage on one
// rank, where the prediction module shares the embedding.
TEST(Memory, RanksThatHoldTheFirstAndTheLastStageShareTheEmbedding) {
  TrainingJob job = testing::dense_setup("H100-SXM", 8).job;
  job.model.mtp_layers = 1;
  const auto stages = stage_contents(job, 4);
  const auto dense = [&](const std::vector<int>& held) {
    return stage_parameters(job, stages, held, 3).dense;
  };
  const double embedding = 1.0 * job.model.vocabulary * job.model.hidden;
  EXPECT_DOUBLE_EQ(dense({3}), stage_parameters(job, stages[3]).dense);
  EXPECT_DOUBLE_EQ(dense({0, 3}), dense({3}) - embedding);
  job.model.mtp_layers = 0;
  const double untied = stage_parameters(job, stages, {0, 3}, 3).dense;
  EXPECT_DOUBLE_EQ(untied, stage_parameters(job, stages, {3}, 3).dense);
  job.model.tied_embeddings = true;
  EXPECT_DOUBLE_EQ(stage_parameters(job, stages, {0, 3}, 3).dense, untied - embedding);
}

}  // namespace
}  // namespace fleetwright
