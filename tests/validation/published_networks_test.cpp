// Does the network matter where it was published to matter, and not where it was not?

#include <gtest/gtest.h>

#include <cmath>

#include "planner/scenario.hpp"
#include "sim/simgrid/simulated_estimator.hpp"

namespace fleetwright {
namespace {

double step_seconds(const std::vector<std::string>& settings) {
  const Scenario scenario = read_scenario("scenarios/deepseek-v3.toml", settings);
  return estimate_step(scenario.setup, SimulatedEstimator()).time.si();
}

// "Insights into DeepSeek-V3", ISCA 2025, arXiv 2505.09343, table 4: 19.926 s with planes, 19.946 s
// with rails that a spine joins.
TEST(DeepSeekV3Network, PlanesAreAsFastAsJoinedRails) {
  for (const char* routing : {"adaptive", "static"}) {
    const std::string setting = std::string("cluster.routing=\"") + routing + '"';
    const double planes = step_seconds({"cluster.topology=\"multi-plane-fat-tree\"", setting});
    const double rails = step_seconds({"cluster.topology=\"fat-tree\"", setting});
    EXPECT_LT(std::abs(planes / rails - 1), 0.01) << routing;
  }
}

// The same, section 5.2.2 and figure 8: on RoCE, hashed paths are slower than adaptive routing and
// than paths that were set by hand.
TEST(DeepSeekV3Network, RoceIsSlowerWithHashedPathsThanWithAdaptiveRouting) {
  for (const char* topology : {"multi-plane-fat-tree", "fat-tree"}) {
    std::vector<std::string> settings{"cluster.nic=\"roce-400\"",
                                      std::string("cluster.topology=\"") + topology + '"'};
    const auto with = [&](const std::string& routing) {
      settings.resize(2);
      settings.push_back("cluster.routing=\"" + routing + '"');
      return step_seconds(settings);
    };
    const double adaptive = with("adaptive");
    EXPECT_GT(with("ecmp"), 1.005 * adaptive) << topology;
    EXPECT_LT(with("static"), with("ecmp")) << topology;
    EXPECT_GE(with("static"), adaptive * (1 - 1e-9)) << topology;
  }
}

TEST(DeepSeekV3Network, ExpertsOfOneLeafDoNotFeelThinUplinks) {
  // Eight nodes of an expert group hang on the same leaves of 32 nodes: only sends cross.
  const double full = step_seconds({"cluster.topology=\"fat-tree\""});
  const double thin =
      step_seconds({"cluster.topology=\"fat-tree\"", "cluster.oversubscription=4.0"});
  EXPECT_GT(thin, full);
  EXPECT_LT(thin, 1.01 * full);
  // With all NICs of a node on one leaf of few nodes the groups reach over several.
  std::vector<std::string> racks{"cluster.topology=\"fat-tree\"", "cluster.rails=1"};
  const double full_racks = step_seconds(racks);
  racks.emplace_back("cluster.oversubscription=8.0");
  EXPECT_GT(step_seconds(racks), 1.1 * full_racks);
}

}  // namespace
}  // namespace fleetwright
