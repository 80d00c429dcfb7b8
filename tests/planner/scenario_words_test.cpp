#include <gtest/gtest.h>

#include "tests/planner/scenario_text.hpp"

// Names, keys and tables that nothing knows. Each test holds all that a user sees.
namespace fleetwright::testing {
namespace {

TEST(ScenarioWords, RefusesUnknownAccelerator) {
  EXPECT_EQ(diagnose(dense_scenario, {{"H100-SXM", "H100-SMX"}}),
            R"(scenario.toml:5:15: error: unknown accelerator 'H100-SMX'
  accelerator = "H100-SMX"
                ^
  help: did you mean 'H100-SXM'?
)");
}

TEST(ScenarioWords, RefusesUnknownNic) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"accelerators = 64", "accelerators = 64\nnic = \"ib-ndr-40\""}}),
      R"(scenario.toml:7:7: error: unknown cluster.nic 'ib-ndr-40'
  nic = "ib-ndr-40"
        ^
  help: did you mean 'ib-ndr-400'?
)");
}

TEST(ScenarioWords, RefusesScaleUpLinkAsNic) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"accelerators = 64", "accelerators = 64\nnic = \"nvlink4\""}}),
      R"(scenario.toml:7:7: error: unknown cluster.nic 'nvlink4'
  nic = "nvlink4"
        ^
  help: one of: efa-p4d, efa-p5, ib-edr-100, ib-hdr-200, ib-ndr-400, ib-xdr-800, omnipath-100, roce-100, roce-200, roce-400
)");
}

TEST(ScenarioWords, RefusesUnknownModel) {
  EXPECT_EQ(diagnose(moe_scenario, {{"deepseek-v3", "deepseek-v4"}}),
            R"(scenario.toml:2:10: error: unknown model 'deepseek-v4'
  config = "deepseek-v4"
           ^
  help: did you mean 'deepseek-v2'?
)");
}

TEST(ScenarioWords, RefusesUnknownSoftware) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"sequence_length", "software = \"deepsek\"\nsequence_length"}}),
      R"(scenario.toml:14:12: error: unknown training.software 'deepsek'
  software = "deepsek"
             ^
  help: did you mean 'deepseek'?
)");
}

TEST(ScenarioWords, RefusesUnknownPrecision) {
  EXPECT_EQ(diagnose(dense_scenario, {{"sequence_length", "precision = \"fp9\"\nsequence_length"}}),
            R"(scenario.toml:14:13: error: unknown training.precision 'fp9'
  precision = "fp9"
              ^
  help: did you mean 'fp8'?
)");
}

TEST(ScenarioWords, RefusesUnknownTopology) {
  EXPECT_EQ(diagnose(dense_scenario,
                     {{"accelerators = 64", "accelerators = 64\ntopology = \"fat-tre\""}}),
            R"(scenario.toml:7:12: error: unknown cluster.topology 'fat-tre'
  topology = "fat-tre"
             ^
  help: did you mean 'fat-tree'?
)");
}

TEST(ScenarioWords, RefusesUnknownKey) {
  EXPECT_EQ(diagnose(dense_scenario, {{"tp = 8", "tpp = 8\ntp = 8"}}),
            R"(scenario.toml:9:1: error: unknown key 'strategy.tpp'
  tpp = 8
  ^
  help: did you mean 'pp'?
)");
}

TEST(ScenarioWords, RefusesUnknownTable) {
  EXPECT_EQ(diagnose(dense_scenario, {{"[training]", "[trainin]\n\n[training]"}}),
            R"(scenario.toml:13:2: error: unknown key 'trainin'
  [trainin]
   ^
  help: did you mean 'training'?
)");
}

TEST(ScenarioWords, RefusesUnknownSchema) {
  EXPECT_EQ(diagnose(dense_scenario, {{"[model]", "schema = \"fleetwright.scenario/2\"\n[model]"}}),
            R"(scenario.toml:1:10: error: unknown schema 'fleetwright.scenario/2'
  schema = "fleetwright.scenario/2"
           ^
  help: this program reads "fleetwright.scenario/1"
)");
}

TEST(ScenarioWords, RefusesMissingModelFile) {
  EXPECT_EQ(diagnose(dense_scenario, {{"\"llama-3.1-405b\"", "\"models/none.json\""}}),
            R"(scenario.toml:2:10: error: cannot read 'models/none.json'
  config = "models/none.json"
           ^
  help: a path starts at the folder of the scenario; a bare name is looked for in the zoo
)");
}

TEST(ScenarioWords, RefusesDuplicateKey) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"tp = 8", "tp = 8\ntp = 4"}}),
      R"(scenario.toml:10:6: error: malformed TOML: Error while parsing key-value pair: cannot redefine existing integer 'tp'
  tp = 4
       ^
)");
}

TEST(ScenarioWords, RefusesMalformedToml) {
  EXPECT_EQ(
      diagnose(dense_scenario, {{"tp = 8", "tp = = 8"}}),
      R"(scenario.toml:9:6: error: malformed TOML: Error while parsing value: could not determine value type
  tp = = 8
       ^
)");
}

TEST(ScenarioWords, RefusesMissingTables) {
  EXPECT_EQ(diagnose(""),
            R"(scenario.toml:1:1: error: missing key 'model.config'
  help: add a line such as config = "deepseek-v3"
scenario.toml:1:1: error: missing key 'cluster.accelerator'
  help: add a line such as accelerator = "H800-SXM"
scenario.toml:1:1: error: missing key 'cluster.accelerators'
  help: add a line such as accelerators = 2048
scenario.toml:1:1: error: missing key 'training.sequence_length'
  help: add a line such as sequence_length = 4096
scenario.toml:1:1: error: missing key 'training.tokens'
  help: add a line such as tokens = "14.8 T tokens"
scenario.toml:1:1: error: missing key 'strategy.global_batch'
  help: add a line such as global_batch = 1024
)");
}

TEST(ScenarioWords, RefusesModelThatIsATable) {
  EXPECT_EQ(diagnose(dense_scenario,
                     {{"[model]\nconfig = \"llama-3.1-405b\"", "model = \"llama-3.1-405b\""}}),
            R"(scenario.toml:1:1: error: missing key 'model.config'
  model = "llama-3.1-405b"
  ^
  help: add a line such as config = "deepseek-v3"
scenario.toml:1:9: error: model must be a table, not a text
  model = "llama-3.1-405b"
          ^
)");
}

}  // namespace
}  // namespace fleetwright::testing
