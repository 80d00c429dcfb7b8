#include "sim/fabric.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>
#include <set>

#include "tests/support/small_fabrics.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LinkUse once(LinkId link) { return {link, 1}; }

// 8 nodes of 8 rails, 4 nodes below a leaf.
constexpr FabricShape rails{.gpus = 64, .gpus_per_node = 8, .nics_per_node = 8};

/// The uplink of a leaf: two links for each rail of each block of nodes.
LinkId leaf_up(const Fabric& fabric, int block, int rail) {
  return fabric.first_network_link() + static_cast<LinkId>(2 * (block * 8 + rail));
}

TEST(Fabric, RoutesInsideANodeOverScaleUpLinks) {
  const Fabric fabric = make_leaf_fabric(rails, 4);
  EXPECT_THAT(fabric.route(9, 14),
              ElementsAre(once(fabric.scale_up_out(9)), once(fabric.scale_up_in(14))));
  EXPECT_EQ(fabric.latency(9, 14), 2_us);
}

TEST(Fabric, RoutesInsideALeafOverTheTwoNics) {
  const Fabric fabric = make_leaf_fabric(rails, 4);
  EXPECT_THAT(fabric.route(3, 27), ElementsAre(once(fabric.nic_out(3)), once(fabric.nic_in(27))));
  EXPECT_EQ(fabric.latency(3, 27), 5_us);
}

TEST(Fabric, RoutesBetweenLeavesOverTheirUplinks) {
  const Fabric fabric = make_leaf_fabric(rails, 4);
  EXPECT_THAT(fabric.route(3, 35),
              ElementsAre(once(fabric.nic_out(3)), once(leaf_up(fabric, 0, 3)),
                          once(leaf_up(fabric, 1, 3) + 1), once(fabric.nic_in(35))));
  EXPECT_EQ(fabric.latency(3, 35), 9_us);
}

TEST(Fabric, ChangesRailsThroughTheSpine) {
  const Fabric fabric = make_leaf_fabric(rails, 4);
  EXPECT_EQ(fabric.route(3, 12).size(), 4U);
  EXPECT_EQ(fabric.latency(3, 12), 9_us);
}

TEST(Fabric, HangsAllNicsOnOneSwitchWithoutANetwork) {
  const Fabric fabric = make_fabric(rails);
  EXPECT_THAT(fabric.route(3, 36), ElementsAre(once(fabric.nic_out(3)), once(fabric.nic_in(36))));
  EXPECT_EQ(fabric.latency(3, 36), 5_us);
}

TEST(Fabric, ReachesItselfAtOnce) {
  const Fabric fabric = make_leaf_fabric(rails, 4);
  EXPECT_THAT(fabric.route(5, 5), IsEmpty());
  EXPECT_EQ(fabric.latency(5, 5), 0_s);
  EXPECT_EQ(fabric.bandwidth({}).si(), std::numeric_limits<double>::infinity());
}

TEST(Fabric, SharesANicBetweenNeighbouringGpus) {
  const Fabric fabric = make_fabric({.gpus = 16, .gpus_per_node = 8, .nics_per_node = 2});
  EXPECT_EQ(fabric.nic_out(0), fabric.nic_out(3));
  EXPECT_NE(fabric.nic_out(3), fabric.nic_out(4));
  EXPECT_EQ(fabric.nic_out(8), fabric.nic_out(4) + 2);
}

TEST(Fabric, TakesNicTrafficThroughThePortsOfPcieNodes) {
  const Fabric fabric =
      make_fabric({.gpus = 16, .gpus_per_node = 8, .nics_per_node = 1, .nics_behind_ports = true});
  EXPECT_THAT(fabric.route(3, 12),
              ElementsAre(once(fabric.scale_up_out(3)), once(fabric.nic_out(0)),
                          once(fabric.nic_in(8)), once(fabric.scale_up_in(12))));
  EXPECT_EQ(fabric.latency(3, 12), 5_us);
}

TEST(Fabric, GivesEachGpuItsOwnLinksAndUsesAll) {
  const Fabric fabric = make_leaf_fabric(rails, 4);
  std::set<LinkId> seen;
  for (int gpu = 0; gpu < rails.gpus; ++gpu) {
    for (const LinkId link : {fabric.scale_up_out(gpu), fabric.scale_up_in(gpu),
                              fabric.nic_out(gpu), fabric.nic_in(gpu)}) {
      EXPECT_TRUE(seen.insert(link).second) << "link " << link << " of GPU " << gpu;
    }
  }
  for (int gpu = 0; gpu < rails.gpus; ++gpu) {
    for (const LinkUse& use : fabric.route(gpu, (gpu + 32) % rails.gpus)) seen.insert(use.link);
  }
  EXPECT_EQ(seen.size(), fabric.links().size());
  EXPECT_EQ(*seen.rbegin() + 1, fabric.links().size());
}

TEST(Fabric, OrdersLinksByGpuThenNicThenNetwork) {
  const Fabric fabric = make_leaf_fabric(rails, 4);
  EXPECT_EQ(fabric.scale_up_in(1), 3U);
  EXPECT_EQ(fabric.nic_out(0), 128U);
  EXPECT_EQ(fabric.nic_in(9), 128U + 19U);
  EXPECT_EQ(fabric.first_network_link(), 256U);
  EXPECT_EQ(fabric.links()[256U + 16U + 2U].name, "leaf1.rail1.up");
}

TEST(Fabric, TakesTheSlowestLinkWeightsCounted) {
  const Fabric fabric = make_leaf_fabric(rails, 4, {400_GBps, 50_GBps, 100_GBps});
  EXPECT_EQ(fabric.bandwidth(fabric.route(3, 35)), 50_GBps);
  const std::vector<LinkUse> uses{{fabric.nic_out(3), 1}, {leaf_up(fabric, 0, 3), 4}};
  EXPECT_EQ(fabric.bandwidth(uses), 25_GBps);
}

TEST(Fabric, PutsDemandsBetweenNodesOnTheLinksOfTheNetwork) {
  const Fabric fabric = make_leaf_fabric(rails, 4);
  // Inside a node and inside a leaf nothing; two of the same rail add up.
  const std::vector<Demand> demands{
      {0, 1, 9_MB}, {0, 8, 9_MB}, {0, 32, 2_MB}, {8, 40, 3_MB}, {33, 1, 4_MB}};
  std::vector<std::pair<std::string, double>> loads;
  for (const LinkLoad& load : fabric.network_loads(demands)) {
    loads.emplace_back(fabric.links()[load.link].name, load.bytes.si());
  }
  EXPECT_THAT(loads,
              ElementsAre(std::pair("leaf0.rail0.up", 5e6), std::pair("leaf0.rail1.down", 4e6),
                          std::pair("leaf1.rail0.down", 5e6), std::pair("leaf1.rail1.up", 4e6)));
}

TEST(FabricDeathTest, RefusesLinksThatDoNotFitTheShape) {
  const FabricShape shape{.gpus = 8, .gpus_per_node = 8, .nics_per_node = 8};
  EXPECT_DEATH(Fabric(shape, {}, 1_us, 1_us, 1_us), "links of its shape");
  const FabricShape half_full{.gpus = 12, .gpus_per_node = 8};
  EXPECT_DEATH(Fabric(half_full, {}, 1_us, 1_us, 1_us), "not full");
}

}  // namespace
}  // namespace fleetwright::testing
