#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sim/topologies/path_choice.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

/// 64 nodes of one GPU and NIC below 64-port switches: two full leaves with 32 cables up each.
Cluster two_leaves(Routing routing, std::uint64_t seed = 1) {
  Cluster c = testing::cluster_of("H800-SXM", 64);
  c.gpus_per_node = c.nics_per_node = 1;
  c.routing = routing;
  c.seed = seed;
  return c;
}

/// Every node of the first leaf sends one byte to its counterpart in the second.
std::vector<LinkLoad> loads_of_a_shift(const Cluster& cluster) {
  std::vector<Demand> demands;
  for (int node = 0; node < 32; ++node) demands.push_back({node, node + 32, Bytes{1}});
  return build_fabric(cluster).network_loads(demands);
}

double fullest(const std::vector<LinkLoad>& loads) {
  double most = 0;
  for (const LinkLoad& load : loads) most = std::max(most, load.bytes.si());
  return most;
}

TEST(Routing, AdaptiveLeavesNothingThatBindsInAFullTree) {
  EXPECT_TRUE(loads_of_a_shift(two_leaves(Routing::adaptive)).empty());
}

TEST(Routing, ByDestinationKeepsAShiftFreeOfCollisions) {
  const auto loads = loads_of_a_shift(two_leaves(Routing::fixed));
  EXPECT_EQ(loads.size(), 64U);  // each cable up and each down once
  EXPECT_EQ(fullest(loads), 1);
}

TEST(Routing, ByDestinationKeepsEveryShiftOfThreeLayersFreeOfCollisions) {
  Cluster c = two_leaves(Routing::fixed);
  c.gpus = 128;
  c.switch_ports = 8;  // 8 pods of 4 leaves of 4
  const Fabric fabric = build_fabric(c);
  for (int by = 1; by < c.gpus; ++by) {
    std::vector<Demand> demands;
    for (int node = 0; node < c.gpus; ++node)
      demands.push_back({node, (node + by) % c.gpus, Bytes{1}});
    EXPECT_EQ(fullest(fabric.network_loads(demands)), 1) << "shift by " << by;
  }
}

TEST(Routing, ByHashCollidesAsBallsInBinsDo) {
  // 32 flows into 32 cables leave 32 (1 - 1/32)^32 empty, and the fullest gets 3.53 on average
  // (Raab and Steger, "Balls into bins", RANDOM 1998; the mean by simulation).
  constexpr int seeds = 400;
  double empty = 0;
  double most = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto loads = loads_of_a_shift(two_leaves(Routing::ecmp, seed));
    std::map<LinkId, double> up;
    for (const LinkLoad& load : loads) {
      if (load.link % 2 == 0) up[load.link] = load.bytes.si();
    }
    empty += 32.0 - static_cast<double>(up.size());
    double fullest_up = 0;
    for (const auto& [link, bytes] : up) fullest_up = std::max(fullest_up, bytes);
    most += fullest_up;
  }
  EXPECT_NEAR(empty / seeds, 32 * std::pow(1 - 1.0 / 32, 32), 0.3);
  EXPECT_NEAR(most / seeds, 3.53, 0.15);
}

TEST(Routing, ByHashPutsAllOfAFlowOnOnePath) {
  const Fabric fabric = build_fabric(two_leaves(Routing::ecmp));
  std::set<LinkId> first_cables;
  for (std::uint64_t flow = 0; flow < 200; ++flow) {
    EXPECT_EQ(fabric.route(3, 40, flow), fabric.route(3, 40, flow));
    first_cables.insert(fabric.route(3, 40, flow)[1].link);
  }
  EXPECT_EQ(first_cables.size(), 32U) << "flows of the same pair use all cables";
}

TEST(Routing, ByHashChangesWithTheSeed) {
  const Fabric one = build_fabric(two_leaves(Routing::ecmp, 1));
  const Fabric two = build_fabric(two_leaves(Routing::ecmp, 2));
  int different = 0;
  for (int node = 0; node < 32; ++node) different += one.route(node, 63) != two.route(node, 63);
  EXPECT_GE(different, 25);
}

TEST(Routing, MoreQueuePairsEvenOutHashes) {
  double single = 0;
  double eight = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Cluster c = two_leaves(Routing::ecmp, seed);
    single += fullest(loads_of_a_shift(c));
    c.queue_pairs = 8;
    eight += fullest(loads_of_a_shift(c));
  }
  EXPECT_LT(eight, 0.7 * single);
  EXPECT_GT(eight, 20);  // never better than even
}

TEST(Routing, CablesAreDealtEvenly) {
  for (const CableDeal& deal : {CableDeal{32, 32}, {32, 6}, {21, 4}, {5, 5}, {7, 3}}) {
    std::map<int, int> ends;
    for (int lower = 0; lower < 30; ++lower) {
      for (int cable = 0; cable < deal.cables; ++cable) {
        const int upper = deal.upper_of(lower, cable);
        ++ends[upper];
        bool found = false;
        for (std::uint64_t choice = 0; choice < 64; ++choice) {
          EXPECT_EQ(deal.upper_of(lower, deal.cable_to(lower, upper, choice)), upper);
          found = found || deal.cable_to(lower, upper, choice) == cable;
        }
        EXPECT_TRUE(found) << "cable " << cable << " is never chosen";
      }
    }
    ASSERT_EQ(ends.size(), static_cast<std::size_t>(deal.uppers));
    int least = ends.begin()->second;
    int most = least;
    for (const auto& [upper, count] : ends) {
      least = std::min(least, count);
      most = std::max(most, count);
    }
    EXPECT_LE(most - least, 1);
  }
}

/// 16-port switches: 4 NICs a switch, 8 switches and 32 cables a group.
Cluster dragonfly(int groups, Routing routing) {
  Cluster c = testing::cluster_of("H800-SXM", groups * 32);
  c.gpus_per_node = c.nics_per_node = 1;
  c.topology = "dragonfly";
  c.switch_ports = 16;
  c.routing = routing;
  return c;
}

/// All nodes of each group send to the next group.
std::vector<LinkLoad> loads_to_the_next_group(const Cluster& cluster) {
  std::vector<Demand> demands;
  for (int node = 0; node < cluster.gpus; ++node) {
    demands.push_back({node, (node + 32) % cluster.gpus, Bytes{1}});
  }
  return build_fabric(cluster).network_loads(demands);
}

TEST(Dragonfly, PutsAllThatGoesToOneGroupOnItsDirectCable) {
  // 33 groups have one cable a pair: 32 NICs share it.
  EXPECT_EQ(fullest(loads_to_the_next_group(dragonfly(33, Routing::fixed))), 32);
}

TEST(Dragonfly, HalvesAdversarialTrafficByDetours) {
  // Valiant routing gives half the throughput (Kim et al., ISCA 2008, section 4.1); here one of 32
  // cables is direct: (32 + 1) / 2 of them carry the 32 bytes of a group.
  const auto loads = loads_to_the_next_group(dragonfly(33, Routing::adaptive));
  const double time_of_a_cable = fullest(loads) / 32;
  EXPECT_NEAR(time_of_a_cable, 32 / 16.5, 1e-6);
}

TEST(Dragonfly, TakesNoDetourWhereDirectCablesDo) {
  // Two groups: all 32 cables are direct. And evenly spread traffic fits the cables of each pair.
  EXPECT_EQ(fullest(loads_to_the_next_group(dragonfly(2, Routing::adaptive))), 32);
  const Cluster c = dragonfly(33, Routing::adaptive);
  std::vector<Demand> demands;
  for (int from = 0; from < 33; ++from) {
    for (int to = 0; to < 33; ++to) {
      if (from != to) demands.push_back({32 * from, 32 * to, Bytes{1}});
    }
  }
  EXPECT_EQ(fullest(build_fabric(c).network_loads(demands)), 32);
}

}  // namespace
}  // namespace fleetwright
