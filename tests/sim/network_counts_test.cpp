#include "sim/topologies/network_counts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

/// A cluster of single-GPU nodes, as the tables of papers count end points.
Cluster end_points(const std::string& topology, int count, int nics_per_node = 1) {
  Cluster c = testing::cluster_of("H800-SXM", count);
  c.gpus_per_node = c.nics_per_node = nics_per_node;
  c.topology = topology;
  return c;
}

void expect_counts(const NetworkCounts& counts, std::int64_t end_points, std::int64_t switches,
                   std::int64_t links) {
  EXPECT_EQ(counts.end_points, end_points);
  EXPECT_EQ(counts.switches, switches);
  EXPECT_EQ(counts.switch_links, links);
}

// "Insights into DeepSeek-V3", ISCA 2025, arXiv 2505.09343, table 3: networks of 64-port switches.

TEST(NetworkCounts, OfAFatTreeOfTwoLayersAreThoseOfIsca25) {
  expect_counts(count_network(end_points("fat-tree", 2048)), 2048, 96, 2048);
}

TEST(NetworkCounts, OfAMultiPlaneFatTreeAreThoseOfIsca25) {
  expect_counts(count_network(end_points("multi-plane-fat-tree", 16384, 8)), 16384, 768, 16384);
}

TEST(NetworkCounts, OfAFatTreeOfThreeLayersAreThoseOfIsca25) {
  expect_counts(count_network(end_points("fat-tree", 65536)), 65536, 5120, 131072);
  expect_counts(count_network(end_points("fat-tree", 65536, 8)), 65536, 5120, 131072);
}

TEST(NetworkCounts, OfADragonflyAreThoseOfIsca25) {
  expect_counts(count_network(end_points("dragonfly", 261632)), 261632, 16352, 384272);
}

TEST(NetworkCounts, OfASlimFlyAreThoseOfIsca25) {
  expect_counts(count_slim_fly(64), 32928, 1568, 32928);
}

TEST(NetworkCounts, OfASlimFlyOfOddParameterAreThoseOfItsPaper) {
  // Besta and Hoefler, SC14, figure 1: q = 5 is the Hoffman-Singleton graph of degree 7.
  expect_counts(count_slim_fly(11), 200, 50, 175);
}

/// The McKay-Miller-Siran graph of a prime q = 1 mod 4 (Besta and Hoefler, SC14, section II-B).
std::vector<std::set<int>> slim_fly_graph(int q, int primitive_root) {
  std::set<int> even;
  std::set<int> odd;
  for (int i = 0, power = 1; i < q - 1; ++i, power = power * primitive_root % q) {
    (i % 2 == 0 ? even : odd).insert(power);
  }
  std::vector<std::set<int>> neighbours(static_cast<std::size_t>(2 * q * q));
  const auto at = [&](int half, int x, int y) { return (half * q + x) * q + y; };
  const auto join = [&](int a, int b) {
    neighbours[static_cast<std::size_t>(a)].insert(b);
    neighbours[static_cast<std::size_t>(b)].insert(a);
  };
  for (int x = 0; x < q; ++x) {
    for (int y = 0; y < q; ++y) {
      for (const int d : even) join(at(0, x, y), at(0, x, (y + d) % q));
      for (const int d : odd) join(at(1, x, y), at(1, x, (y + d) % q));
      for (int m = 0; m < q; ++m) join(at(0, x, y), at(1, m, ((y - m * x) % q + q) % q));
    }
  }
  return neighbours;
}

TEST(NetworkCounts, OfASlimFlyAreThoseOfItsGraph) {
  for (const auto& [q, root] : {std::pair{5, 2}, {13, 2}, {17, 3}}) {
    const auto graph = slim_fly_graph(q, root);
    const int degree = (3 * q - 1) / 2;
    const NetworkCounts counts = count_slim_fly(degree + (degree + 1) / 2);
    EXPECT_EQ(counts.switches, static_cast<std::int64_t>(graph.size()));
    std::size_t ends = 0;
    for (std::size_t a = 0; a < graph.size(); ++a) {
      EXPECT_EQ(graph[a].size(), static_cast<std::size_t>(degree));
      ends += graph[a].size();
      std::set<int> within_two = graph[a];
      for (const int b : graph[a]) {
        within_two.insert(graph[static_cast<std::size_t>(b)].begin(),
                          graph[static_cast<std::size_t>(b)].end());
      }
      EXPECT_EQ(within_two.size(), graph.size()) << "two hops reach all";
    }
    EXPECT_EQ(counts.switch_links, static_cast<std::int64_t>(ends / 2));
  }
}

TEST(NetworkCounts, OfDeepSeeksClusterAreTheSameInOneAndInManyPlanes) {
  Cluster c = testing::cluster_of("H800-SXM", 2048);
  c.topology = "multi-plane-fat-tree";
  const NetworkCounts planes = count_network(c);
  c.topology = "fat-tree";
  EXPECT_EQ(planes, count_network(c));
  EXPECT_EQ(planes.switches, 96);
}

TEST(NetworkCounts, OfTwoZonesOfFireFlyerAreItsSwitchesWithoutTheTwoThatJoinThem) {
  // Fire-Flyer, SC24, arXiv 2408.14158, section III-B: zones of 800 end points on 40-port switches,
  // 20 spines and 40 leaves each; 122 switches in all.
  Cluster c = testing::cluster_of("A100-PCIE-40", 1600 * 8);
  c.nics_per_node = 1;
  c.switch_ports = 40;
  c.data_centres = {2, BytesPerSecond{25e9}, Seconds{1e-6}};
  ASSERT_FALSE(refuses_wiring(c).has_value());
  expect_counts(count_network(c), 1600, 120, 1600);
}

TEST(NetworkCounts, OfRailOnlyAreOneSwitchForEachRail) {
  Cluster c = testing::cluster_of("H800-SXM", 512);
  c.topology = "rail-only";
  expect_counts(count_network(c), 512, 8, 0);
}

TEST(NetworkCounts, FallWithOversubscription) {
  Cluster c = testing::cluster_of("H800-SXM", 48 * 16 * 8);
  c.oversubscription = 3;
  // 48 ports down and 16 up: 16 blocks of 8 rails are more leaves than a spine has ports.
  const NetworkCounts thin = count_network(c);
  EXPECT_EQ(thin.switch_links, 128 * 16 * 2);
  c.oversubscription = 1;
  EXPECT_GT(count_network(c).switches, thin.switches);
}

TEST(NetworkCounts, HaveNoOpticsBetweenNodesAndTheSwitchOnTopOfTheRack) {
  Cluster c = testing::cluster_of("H800-SXM", 256);
  const NetworkCounts rails = count_network(c);
  EXPECT_EQ(rails.transceivers, 2 * (rails.end_points + rails.switch_links));
  c.rails = 1;
  const NetworkCounts racks = count_network(c);
  EXPECT_EQ(racks.transceivers, 2 * racks.switch_links);
}

}  // namespace
}  // namespace fleetwright
