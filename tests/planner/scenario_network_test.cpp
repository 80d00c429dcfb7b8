#include <gtest/gtest.h>

#include "planner/scenario.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

/// The dense scenario of 8 nodes with more settings of its cluster.
std::string with(const std::string& settings) {
  return diagnose(dense_scenario, {{"accelerators = 64", "accelerators = 64\n" + settings}});
}

Cluster cluster_with(const std::string& settings, const std::string& head = "") {
  const TemporaryFolder folder;
  std::string text(dense_scenario);
  const std::string after = "accelerators = 64";
  text.replace(text.find(after), after.size(), after + "\n" + settings);
  return read_scenario(folder.write("scenario.toml", head + text)).setup.cluster;
}

TEST(ScenarioNetwork, IsAFullFatTreeWithAdaptiveRoutingByDefault) {
  const Cluster c = cluster_with("");
  EXPECT_EQ(c.topology, "fat-tree");
  EXPECT_EQ(c.routing, Routing::adaptive);
  EXPECT_EQ(c.oversubscription, 1.0);
  EXPECT_EQ(c.core_oversubscription, 1.0);
  EXPECT_EQ(c.data_centres.count, 1);
  EXPECT_EQ(c.seed, 1U);
}

TEST(ScenarioNetwork, TakesWhatItIsTold) {
  const Cluster c = cluster_with(
      "layers = 3\nrails = 4\noversubscription = 2.0\ncore_oversubscription = 7.0\n"
      "routing = \"ecmp\"\nqueue_pairs = 4\ndata_centres = 2\n"
      "data_centre_bandwidth = \"800 Gbps\"\ndata_centre_latency = \"5 ms\"",
      "seed = 17\n");
  EXPECT_EQ(c.layers, 3);
  EXPECT_EQ(c.rails, 4);
  EXPECT_EQ(c.oversubscription, 2.0);
  EXPECT_EQ(c.core_oversubscription, 7.0);
  EXPECT_EQ(c.routing, Routing::ecmp);
  EXPECT_EQ(c.queue_pairs, 4);
  EXPECT_EQ(c.seed, 17U);
  EXPECT_EQ(c.data_centres.count, 2);
  EXPECT_DOUBLE_EQ(c.data_centres.bandwidth.si(), 100e9);
  EXPECT_DOUBLE_EQ(c.data_centres.latency.si(), 5e-3);
  EXPECT_EQ(cluster_with("topology = \"multi-plane-fat-tree\"\nplanes = 2").planes, 2);
  EXPECT_EQ(cluster_with("routing = \"static\"").routing, Routing::fixed);
}

TEST(ScenarioNetwork, RefusesUnknownRouting) {
  EXPECT_EQ(with("routing = \"emcp\""),
            R"(scenario.toml:7:11: error: unknown cluster.routing 'emcp'
  routing = "emcp"
            ^
  help: did you mean 'ecmp'?
)");
}

TEST(ScenarioNetwork, RefusesQueuePairsThatNothingHashes) {
  EXPECT_EQ(
      with("queue_pairs = 4"),
      R"(scenario.toml:7:15: error: queue_pairs are what ecmp puts on paths of their own, and routing is adaptive
  queue_pairs = 4
                ^
  help: add routing = "ecmp", or remove queue_pairs
)");
}

TEST(ScenarioNetwork, RefusesSettingsThatTheTopologyHasNoUseFor) {
  EXPECT_EQ(
      with("topology = \"rail-only\"\noversubscription = 2.0"),
      R"(scenario.toml:8:20: error: oversubscription thins the cables from leaf switches up, and rail-only has none
  oversubscription = 2.0
                     ^
  help: remove oversubscription
)");
  EXPECT_EQ(
      with("planes = 2"),
      R"(scenario.toml:7:10: error: planes spreads rails over separate networks, and fat-tree has none
  planes = 2
           ^
  help: remove planes
)");
}

TEST(ScenarioNetwork, RefusesRailsThatDoNotDivideTheNics) {
  EXPECT_EQ(with("rails = 3"),
            R"(scenario.toml:7:9: error: rails = 3 does not divide the 8 NICs of a node
  rails = 3
          ^
  help: use a divisor, such as 2
)");
  EXPECT_EQ(with("topology = \"multi-plane-fat-tree\"\nplanes = 5"),
            R"(scenario.toml:8:10: error: planes = 5 does not divide the 8 rails
  planes = 5
           ^
  help: use a divisor, such as 4
)");
}

TEST(ScenarioNetwork, RefusesLeavesTooSmallForTheNicsOfANode) {
  EXPECT_EQ(
      with("rails = 1\nswitch_ports = 8"),
      R"(scenario.toml:8:16: error: 8 NICs of a node are on one rail, and a leaf switch of 8 ports has 4 for NICs
  switch_ports = 8
                 ^
  help: raise switch_ports or rails
)");
}

TEST(ScenarioNetwork, RefusesAThinCoreWhereThereIsNone) {
  EXPECT_EQ(
      with("core_oversubscription = 7.0"),
      R"(scenario.toml:7:25: error: core_oversubscription thins the third layer of switches, and 2 will do here
  core_oversubscription = 7.0
                          ^
  help: add layers = 3, or remove it
)");
}

TEST(ScenarioNetwork, RefusesLayersThatDoNotReach) {
  EXPECT_EQ(
      with("layers = 2\nswitch_ports = 8"),
      R"(scenario.toml:7:10: error: two layers of 8-port switches reach 32 NICs, and the cluster has 64
  layers = 2
           ^
)");
}

TEST(ScenarioNetwork, RefusesARailOfMoreNodesThanASwitchHasPorts) {
  EXPECT_EQ(
      with("topology = \"rail-only\"\nswitch_ports = 4"),
      R"(scenario.toml:7:12: error: a switch of 4 ports joins a rail of 4 nodes, and the cluster has 8
  topology = "rail-only"
             ^
  help: multi-plane-fat-tree has two layers a rail
)");
}

TEST(ScenarioNetwork, RefusesADragonflyThatDoesNotReach) {
  EXPECT_EQ(
      with("topology = \"dragonfly\"\nswitch_ports = 4"),
      R"(scenario.toml:7:12: error: a dragonfly of 4-port switches reaches 6 NICs, and the cluster has 64
  topology = "dragonfly"
             ^
)");
}

TEST(ScenarioNetwork, WantsToKnowTheLinkBetweenDataCentres) {
  EXPECT_EQ(with("data_centres = 2"),
            R"(scenario.toml:4:1: error: missing key 'cluster.data_centre_bandwidth'
  [cluster]
  ^
  help: add a line such as data_centre_bandwidth = "800 Gbps"
scenario.toml:4:1: error: missing key 'cluster.data_centre_latency'
  [cluster]
  ^
  help: add a line such as data_centre_latency = "5 ms"
)");
  EXPECT_EQ(
      with("data_centre_latency = \"5 ms\""),
      R"(scenario.toml:7:23: error: data_centre_latency is between data centres, and there is one
  data_centre_latency = "5 ms"
                        ^
  help: add data_centres = 2, or remove it
)");
}

TEST(ScenarioNetwork, RefusesDataCentresOfUnequalSize) {
  EXPECT_EQ(
      with(
          "data_centres = 3\ndata_centre_bandwidth = \"800 Gbps\"\ndata_centre_latency = \"5 ms\""),
      R"(scenario.toml:7:16: error: 3 data centres do not get equally many of 8 nodes
  data_centres = 3
                 ^
  help: use a divisor, such as 2
)");
}

}  // namespace
}  // namespace fleetwright::testing
