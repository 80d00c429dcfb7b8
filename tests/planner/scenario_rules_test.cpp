#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/planner/scenario_text.hpp"

// What the parts of a scenario demand of each other. Each test holds all that a user sees.
namespace fleetwright::testing {
namespace {

TEST(ScenarioRules, RefusesProductOfDegreesThatMissesTheAccelerators) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"pp = 2", "pp = 2\ndp = 8"}}),
      R"(scenario.toml:11:6: error: tp x pp x cp x dp = 8 x 2 x 1 x 8 = 128 must be the 64 accelerators
  dp = 8
       ^
  help: dp = 4 uses all of them
)");
}

TEST(ScenarioRules, RefusesDegreesThatLeaveNoDataParallelism) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"pp = 2", "pp = 3"}}),
      R"(scenario.toml:6:16: error: tp x pp x cp = 8 x 3 x 1 = 24 does not divide the 64 accelerators
  accelerators = 64
                 ^
  help: 48 accelerators would do
)");
}

TEST(ScenarioRules, RefusesShardedParametersWhereTwoPassesRunAtOnce) {
  EXPECT_THAT(
      diagnose(small_scenario, {{"zero_stage = 1", "zero_stage = 3\nschedule = \"dualpipe\""}}),
      ::testing::HasSubstr("error: zero_stage = 3 gathers the parameters of each pass, and "
                           "dualpipe runs two passes at once\n  zero_stage = 3\n"));
}

TEST(ScenarioRules, RefusesTensorParallelismThatDoesNotDivideTheHeads) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"tp = 8\npp = 2", "tp = 3\npp = 1"},
                                {"accelerators = 64", "accelerators = 24"},
                                {"global_batch = 32", "global_batch = 24"}}),
      R"(scenario.toml:9:6: error: tp = 3 does not divide the 128 attention heads of llama-3.1-405b
  tp = 3
       ^
  help: use a divisor, such as 2
)");
}

TEST(ScenarioRules, RefusesMoreStagesThanLayers) {
  EXPECT_EQ(diagnose(moe_scenario, {{"pp = 4", "pp = 64\ndp = 2"}, {"ep = 32", "ep = 2"}}),
            R"(scenario.toml:9:6: error: pp = 64 stages are more than the 61 layers of deepseek-v3
  pp = 64
       ^
  help: lower it, or give stage_layers with 0 for stages without layers
)");
}

TEST(ScenarioRules, RefusesMoreChunksThanLayers) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"pp = 2", "pp = 2\nvpp = 64"}}),
      R"(scenario.toml:10:6: error: pp x vpp = 2 x 64 = 128 stages are more than the 126 layers of llama-3.1-405b
  pp = 2
       ^
  help: lower it, or give stage_layers with 0 for stages without layers
)");
}

TEST(ScenarioRules, RefusesStageLayersThatDoNotAddUp) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"pp = 2", "pp = 2\nstage_layers = [62, 62]"}}),
      R"(scenario.toml:11:16: error: stage_layers add up to 124, and llama-3.1-405b has 126 layers
  stage_layers = [62, 62]
                 ^
  help: add 2 layers
)");
}

TEST(ScenarioRules, RefusesStageLayersOfAnotherCount) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"pp = 2", "pp = 2\nstage_layers = [42, 42, 42]"}}),
      R"(scenario.toml:11:16: error: stage_layers has 3 entries, and the model is cut into 2 stages (pp = 2)
  stage_layers = [42, 42, 42]
                 ^
  help: give 2 entries, first stage to last
)");
}

TEST(ScenarioRules, RefusesStageLayersBesideALayout) {
  EXPECT_EQ(diagnose(dense_scenario,
                     {{"pp = 2", "pp = 2\nstage_layers = [63, 63]\npipeline_layout = \"even\""}}),
            R"(scenario.toml:12:19: error: stage_layers and pipeline_layout exclude each other
  pipeline_layout = "even"
                    ^
  help: remove one of them
)");
}

TEST(ScenarioRules, RefusesMoreExpertParallelismThanExperts) {
  EXPECT_EQ(
      diagnose(moe_scenario, {{"ep = 32", "ep = 512"}}),
      R"(scenario.toml:10:6: error: ep x etp = 512 x 1 = 512 must divide tp x cp x dp = 1 x 1 x 32 = 32
  ep = 512
       ^
  help: the largest ep that does is 32
scenario.toml:10:6: error: ep = 512 is more than the 256 experts of deepseek-v3
  ep = 512
       ^
  help: ep = 256 puts one expert on each GPU
)");
}

TEST(ScenarioRules, RefusesExpertParallelismThatDoesNotDivideTheExperts) {
  EXPECT_EQ(
      diagnose(moe_scenario, {{"ep = 32", "ep = 24"}}),
      R"(scenario.toml:10:6: error: ep x etp = 24 x 1 = 24 must divide tp x cp x dp = 1 x 1 x 32 = 32
  ep = 24
       ^
  help: the largest ep that does is 16
scenario.toml:10:6: error: ep = 24 does not divide the 256 experts of deepseek-v3
  ep = 24
       ^
  help: use a divisor, such as 16
)");
}

TEST(ScenarioRules, RefusesExpertParallelismWithoutExperts) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"pp = 2", "pp = 2\nep = 4"}}),
      R"(scenario.toml:11:6: error: llama-3.1-405b has no experts to spread over ep x etp = 4 x 1
  ep = 4
       ^
  help: remove ep and etp
)");
}

TEST(ScenarioRules, RefusesBatchThatDoesNotDivide) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"global_batch = 32", "micro_batch = 3\nglobal_batch = 32"}}),
      R"(scenario.toml:12:16: error: global_batch must be a multiple of dp x micro_batch = 4 x 3 = 12, and 32 is not
  global_batch = 32
                 ^
  help: global_batch = 36 is the nearest
)");
}

TEST(ScenarioRules, RefusesScheduleThatNeedsMoreMicroBatches) {
  EXPECT_EQ(diagnose(dense_scenario,
                     {{"global_batch = 32", "schedule = \"dualpipe\"\nglobal_batch = 8"}}),
            R"(scenario.toml:11:12: error: dualpipe needs at least 2 x pp micro-batches: 2 < 4
  schedule = "dualpipe"
             ^
)");
}

TEST(ScenarioRules, RefusesScheduleWithoutItsChunks) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"pp = 2", "pp = 2\nschedule = \"interleaved\""}}),
      R"(scenario.toml:11:12: error: interleaved needs at least 2 model chunks a rank: 1 < 2 (use 1f1b)
  schedule = "interleaved"
             ^
)");
}

TEST(ScenarioRules, RefusesChunksWithAScheduleThatHasNone) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"pp = 2", "pp = 2\nvpp = 2\nschedule = \"1f1b\""}}),
      R"(scenario.toml:11:7: error: vpp = 2 deals model chunks to each rank, and the schedule 1f1b has none
  vpp = 2
        ^
  help: remove vpp, or use schedule = "interleaved"
)");
}

TEST(ScenarioRules, RefusesChunksOtherThanTheSchedules) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"pp = 2", "pp = 2\nvpp = 3\nschedule = \"zb-v\""}}),
      R"(scenario.toml:11:7: error: vpp = 3, and the schedule zb-v deals 2 model chunks to each rank
  vpp = 3
        ^
  help: remove vpp, or write vpp = 2
)");
}

TEST(ScenarioRules, RefusesMicroBatchesThatInterleavingCannotGroup) {
  EXPECT_EQ(
      diagnose(dense_scenario,
               {{"pp = 2", "pp = 2\nvpp = 3"}, {"global_batch = 32", "global_batch = 20"}}),
      R"(scenario.toml:8:1: error: interleaved needs a multiple of pp micro-batches: 5 is not a multiple of 2 (use 4 or 6)
  [strategy]
  ^
)");
}

TEST(ScenarioRules, RefusesStageLayersThatDoNotNameBothStagesOfARank) {
  EXPECT_EQ(
      diagnose(dense_scenario,
               {{"pp = 2", "pp = 2\nschedule = \"v-half\"\nstage_layers = [63, 63]"}}),
      R"(scenario.toml:12:16: error: stage_layers has 2 entries, and the model is cut into 4 stages (pp x vpp = 2 x 2)
  stage_layers = [63, 63]
                 ^
  help: give 4 entries, first stage to last
)");
}

TEST(ScenarioRules, RefusesSequenceThatContextParallelismDoesNotDivide) {
  EXPECT_EQ(diagnose(dense_scenario,
                     {{"pp = 2", "cp = 2"}, {"sequence_length = 4096", "sequence_length = 4095"}}),
            R"(scenario.toml:10:6: error: cp = 2 does not divide sequence_length = 4095
  cp = 2
       ^
  help: use a divisor, such as 1
)");
}

TEST(ScenarioRules, RefusesSequenceParallelismWithoutTensorParallelism) {
  EXPECT_EQ(diagnose(moe_scenario, {{"pp = 4", "pp = 4\nsequence_parallel = true"}}),
            R"(scenario.toml:10:21: error: sequence_parallel splits activations over tp, and tp is 1
  sequence_parallel = true
                      ^
  help: remove sequence_parallel, or raise tp
)");
}

TEST(ScenarioRules, RefusesAcceleratorsThatDoNotFillNodes) {
  EXPECT_EQ(diagnose(dense_scenario, {{"accelerators = 64", "accelerators = 60"},
                                      {"tp = 8\npp = 2", "tp = 1"},
                                      {"global_batch = 32", "global_batch = 60"}}),
            R"(scenario.toml:6:16: error: 60 accelerators do not fill nodes of 8
  accelerators = 60
                 ^
  help: 64 is the nearest multiple
)");
}

TEST(ScenarioRules, RefusesClusterThatItsSwitchesDoNotReach) {
  EXPECT_EQ(
      diagnose(dense_scenario,
               {{"accelerators = 64",
                 "accelerators = 64\ntopology = \"multi-plane-fat-tree\"\nswitch_ports = 2"}}),
      R"(scenario.toml:7:12: error: two layers of 2-port switches reach 2 nodes a plane, and the cluster has 8
  topology = "multi-plane-fat-tree"
             ^
)");
}

TEST(ScenarioRules, RefusesFormatThatTheAcceleratorLacks) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"H100-SXM", "A100-SXM-80"},
                                {"sequence_length", "precision = \"fp8-block\"\nsequence_length"}}),
      R"(scenario.toml:14:13: error: fp8-block computes in fp8-block, which A100-SXM-80 lacks
  precision = "fp8-block"
              ^
  help: A100-SXM-80 has fp32, tf32, fp16, bf16
)");
}

}  // namespace
}  // namespace fleetwright::testing
