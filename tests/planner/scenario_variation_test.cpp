#include <gtest/gtest.h>

#include "models/core/diagnostics.hpp"
#include "planner/scenario.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

constexpr std::string_view source = "source = \"a test\"\n";

Variation read(std::string_view scenario, const std::string& settings) {
  const TemporaryFolder folder;
  folder.write("tokens.csv", "layer,expert,tokens\n3,0,5\n3,255,7\n");
  return *read_scenario(folder.write("scenario.toml", std::string(scenario) + "\n[variation]\n" +
                                                          std::string(source) + settings))
              .variation;
}

/// The last lines of what is said of a scenario with this [variation].
std::string said(std::string_view scenario, const std::string& settings) {
  const std::string text =
      diagnose(std::string(scenario) + "\n[variation]\n" + std::string(source) + settings);
  return text.substr(text.find("error: "));
}

TEST(ScenarioVariation, IsNoneUnlessAsked) {
  const TemporaryFolder folder;
  EXPECT_FALSE(read_scenario(folder.write("scenario.toml", moe_scenario)).variation);
}

TEST(ScenarioVariation, TakesWhatItIsTold) {
  const Variation v = read(moe_scenario,
                           "kernel_jitter = 0.02\nclock_spread = 0.015\nexpert_deviation = 0.077\n"
                           "slow_node = [{ node = 3, factor = 1.2 }]\n"
                           "slow_link = [{ link = \"nic12.out\", factor = 2 }]\n");
  EXPECT_EQ(v.kernel_jitter, 0.02);
  EXPECT_EQ(v.clock_spread, 0.015);
  EXPECT_EQ(v.experts.kind, ExpertSkew::Kind::normal);
  EXPECT_EQ(v.experts.deviation, 0.077);
  ASSERT_EQ(v.slow_nodes.size(), 1U);
  EXPECT_EQ(v.slow_nodes[0].node, 3);
  EXPECT_EQ(v.slow_nodes[0].factor, 1.2);
  ASSERT_EQ(v.slow_links.size(), 1U);
  EXPECT_EQ(v.slow_links[0].link, "nic12.out");
  EXPECT_TRUE(v.is_random());
}

TEST(ScenarioVariation, CountsTokensFromAFileBesideTheScenario) {
  const Variation v = read(moe_scenario, "expert_tokens = \"tokens.csv\"\n");
  ASSERT_EQ(v.experts.tokens.size(), 4U);
  EXPECT_EQ(v.experts.tokens[3][255], 7);
  EXPECT_EQ(v.experts.tokens[0][17], 1);  // nobody counted: even
  EXPECT_FALSE(v.is_random());
}

TEST(ScenarioVariation, RefusesTwoKindsOfSkew) {
  EXPECT_EQ(said(moe_scenario, "expert_deviation = 0.1\nexpert_zipf = 0.5\n"),
            R"(error: expert_deviation and expert_zipf exclude each other
  expert_zipf = 0.5
                ^
  help: remove one of them
)");
}

TEST(ScenarioVariation, RefusesSkewWithoutExperts) {
  EXPECT_EQ(said(dense_scenario, "expert_zipf = 0.5\n"), R"(error: the model has no experts
  expert_zipf = 0.5
                ^
  help: remove it
)");
}

TEST(ScenarioVariation, RefusesNodesAndLinksThatAreNotThere) {
  EXPECT_NE(said(moe_scenario, "slow_node = [{ node = 16, factor = 2 }]\n").find("15"),
            std::string::npos);
  EXPECT_EQ(said(moe_scenario, "slow_link = [{ link = \"nic128.out\", factor = 2 }]\n"),
            R"(error: the cluster has no link 'nic128.out'
  slow_link = [{ link = "nic128.out", factor = 2 }]
                        ^
  help: did you mean 'nic12.out'?
)");
}

TEST(ScenarioVariation, RefusesAMissingFileAndBadCounts) {
  EXPECT_NE(said(moe_scenario, "expert_tokens = \"no.csv\"\n").find("there is no file"),
            std::string::npos);
  const TemporaryFolder folder;
  folder.write("tokens.csv", "layer,expert,tokens\n3,256,5\n");
  try {
    static_cast<void>(read_scenario(folder.write(
        "scenario.toml", std::string(moe_scenario) + "\n[variation]\n" + std::string(source) +
                             "expert_tokens = \"tokens.csv\"\n")));
    FAIL() << "an expert that the model has not";
  } catch (const ScenarioError& e) {
    ASSERT_FALSE(e.diagnostics().empty());
    EXPECT_EQ(e.diagnostics()[0].message, "256 is none of the 256 experts");
    EXPECT_EQ(e.diagnostics()[0].where.line, 2);
    EXPECT_EQ(e.diagnostics()[0].where.column, 3);
  }
}

TEST(ScenarioVariation, WantsASource) {
  const std::string text =
      diagnose(std::string(moe_scenario) + "\n[variation]\nkernel_jitter = 0.1\n");
  EXPECT_NE(text.find("source"), std::string::npos);
}

}  // namespace
}  // namespace fleetwright::testing
