#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "models/core/error.hpp"
#include "planner/scenario.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;

Scenario read(std::string_view text, const std::vector<std::string>& overrides = {}) {
  const TemporaryFolder folder;
  return read_scenario(folder.write("scenario.toml", text), overrides);
}

Setting setting(const Scenario& scenario, std::string_view path) {
  const auto it = std::ranges::find(scenario.settings, path, &Setting::path);
  return it == scenario.settings.end() ? Setting{} : *it;
}

TEST(ScenarioReader, FillsInTheReferenceDesignOfTheAccelerator) {
  const Scenario s = read(moe_scenario);
  EXPECT_EQ(s.name, "scenario");
  EXPECT_EQ(s.engine, "simgrid");
  EXPECT_EQ(s.setup.cluster.gpus_per_node, 8);
  EXPECT_EQ(s.setup.cluster.nics_per_node, 8);
  EXPECT_EQ(s.setup.cluster.nic.id, "ib-ndr-400");
  EXPECT_EQ(s.setup.cluster.scale_up.id, "nvlink4-h800");
  EXPECT_EQ(setting(s, "cluster.nic"),
            (Setting{"cluster.nic", "\"ib-ndr-400\"", "reference design of H800-SXM"}));
}

TEST(ScenarioReader, GivesDataParallelismWhatIsLeft) {
  const Scenario s = read(moe_scenario);
  EXPECT_EQ(s.setup.job.strategy.dp, 32);
  EXPECT_EQ(setting(s, "strategy.dp"),
            (Setting{"strategy.dp", "32", "accelerators / (tp x pp x cp)"}));
}

TEST(ScenarioReader, TakesThePipelineLayoutFromTheSoftware) {
  const Scenario own = read(moe_scenario);
  EXPECT_EQ(own.setup.pipeline_layout, "even");
  const Scenario balanced = read(moe_scenario, {"training.software=deepseek"});
  EXPECT_EQ(balanced.setup.pipeline_layout, "balanced");
  EXPECT_EQ(setting(balanced, "strategy.pipeline_layout").origin, "training.software");
}

TEST(ScenarioReader, MakesFewerAcceleratorsThanANodeOneSmallerNode) {
  const Scenario s = read(small_scenario, {"cluster.accelerators=4"});
  EXPECT_EQ(s.setup.cluster.gpus_per_node, 4);
  EXPECT_EQ(s.setup.cluster.nics_per_node, 4);
  EXPECT_EQ(s.setup.cluster.nodes(), 1);
}

TEST(ScenarioReader, AppliesOverridesInOrderAndSaysSo) {
  const Scenario s =
      read(dense_scenario, {"strategy.pp=1", "strategy.pp=4", "training.tokens=2 B tokens"});
  EXPECT_EQ(s.setup.job.strategy.pp, 4);
  EXPECT_EQ(s.setup.job.strategy.dp, 2);
  EXPECT_DOUBLE_EQ(s.tokens, 2e9);
  EXPECT_EQ(setting(s, "strategy.pp"), (Setting{"strategy.pp", "4", "--set"}));
  EXPECT_EQ(setting(s, "strategy.tp").origin, "scenario");
}

TEST(ScenarioReader, LocatesWhatAnOverrideBreaks) {
  EXPECT_EQ(diagnose(dense_scenario, {}, {"strategy.dp=16"}),
            "--set strategy.dp=16: error: tp x pp x cp x dp = 8 x 2 x 1 x 16 = 256 must be the 64 "
            "accelerators\n"
            "  help: dp = 4 uses all of them\n");
}

TEST(ScenarioReader, ReportsEverythingThatIsWrongAtOnce) {
  const std::string all = diagnose(dense_scenario, {{"\"llama-3.1-405b\"", "\"llama-3.1-406b\""},
                                                    {"H100-SXM", "H100-SMX"},
                                                    {"accelerators = 64", "accelerators = -64"},
                                                    {"tp = 8", "tp = 8\nsequence_paralel = true"},
                                                    {"global_batch = 32", "global_batch = 32.5"},
                                                    {"4096", "\"4096\""},
                                                    {"\"1 B tokens\"", "1e9"}});
  EXPECT_EQ(all, R"(scenario.toml:2:10: error: unknown model 'llama-3.1-406b'
  config = "llama-3.1-406b"
           ^
  help: did you mean 'llama-3.1-405b'?
scenario.toml:5:15: error: unknown accelerator 'H100-SMX'
  accelerator = "H100-SMX"
                ^
  help: did you mean 'H100-SXM'?
scenario.toml:6:16: error: cluster.accelerators = -64 is outside 1 to 2000000
  accelerators = -64
                 ^
scenario.toml:10:1: error: unknown key 'strategy.sequence_paralel'
  sequence_paralel = true
  ^
  help: did you mean 'sequence_parallel'?
scenario.toml:12:16: error: strategy.global_batch must be an integer, not a number
  global_batch = 32.5
                 ^
scenario.toml:15:19: error: training.sequence_length must be an integer, not a text
  sequence_length = "4096"
                    ^
scenario.toml:16:10: error: training.tokens is a bare number without a unit
  tokens = 1e9
           ^
  help: write it with its unit, as in tokens = "14.8 T tokens"
)");
}

TEST(ScenarioReader, FindsAModelFileBesideTheScenario) {
  const TemporaryFolder folder;
  folder.write("own.json", read_text("models/zoo/llama-3.1-8b.json"));
  const auto file =
      folder.write("scenario.toml", edited(small_scenario, {{"llama-3.1-8b", "own.json"}}));
  EXPECT_EQ(read_scenario(file).setup.job.model.layers, 32);
}

TEST(ScenarioReader, ReportsAMissingFileAsTheEnvironmentsFault) {
  EXPECT_THROW(static_cast<void>(read_scenario("no/such/scenario.toml")), Error);
  EXPECT_THROW(static_cast<void>(read_scenario(".")), Error);
}

TEST(ScenarioReader, ReadsAnythingBinaryAsMalformed) {
  EXPECT_THAT(diagnose(std::string_view("\0\xff\xfe[model]", 10)), HasSubstr("malformed TOML"));
}

TEST(ScenarioReader, ReadsEveryShippedScenario) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    if (entry.path().extension() != ".toml") continue;
    SCOPED_TRACE(entry.path().string());
    EXPECT_FALSE(read_scenario(entry.path()).question.empty());
    ++count;
  }
  EXPECT_GE(count, 3);
}

}  // namespace
}  // namespace fleetwright::testing
