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

constexpr FabricShape rails{
    .gpus = 64, .gpus_per_node = 8, .nics_per_node = 8, .nodes_per_leaf = 4, .leaf_uplinks = true};

TEST(Fabric, RoutesInsideANodeOverScaleUpLinks) {
  const Fabric fabric = make_fabric(rails);
  EXPECT_THAT(fabric.route(9, 14),
              ElementsAre(once(fabric.scale_up_out(9)), once(fabric.scale_up_in(14))));
  EXPECT_EQ(fabric.latency(9, 14), 2_us);
}

TEST(Fabric, RoutesInsideALeafOverTheTwoNics) {
  const Fabric fabric = make_fabric(rails);
  EXPECT_THAT(fabric.route(3, 27), ElementsAre(once(fabric.nic_out(3)), once(fabric.nic_in(27))));
  EXPECT_EQ(fabric.latency(3, 27), 5_us);
}

TEST(Fabric, RoutesBetweenLeavesOverTheirUplinks) {
  const Fabric fabric = make_fabric(rails);
  EXPECT_THAT(fabric.route(3, 35),
              ElementsAre(once(fabric.nic_out(3)), once(fabric.leaf_up(3)),
                          once(fabric.leaf_down(35)), once(fabric.nic_in(35))));
  EXPECT_EQ(fabric.latency(3, 35), 9_us);
}

TEST(Fabric, ChangesRailsThroughTheSpine) {
  const Fabric fabric = make_fabric(rails);
  EXPECT_EQ(fabric.route(3, 12).size(), 4U);
  EXPECT_EQ(fabric.latency(3, 12), 9_us);
}

TEST(Fabric, LeavesOutUplinksThatCannotBindButNotTheirLatency) {
  FabricShape shape = rails;
  shape.leaf_uplinks = false;
  const Fabric fabric = make_fabric(shape);
  EXPECT_THAT(fabric.route(3, 35), ElementsAre(once(fabric.nic_out(3)), once(fabric.nic_in(35))));
  EXPECT_EQ(fabric.latency(3, 35), 9_us);
}

TEST(Fabric, ReachesItselfAtOnce) {
  const Fabric fabric = make_fabric(rails);
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

TEST(Fabric, GivesEachGpuItsOwnLinksAndUsesAll) {
  const Fabric fabric = make_fabric(rails);
  std::set<LinkId> seen;
  for (int gpu = 0; gpu < rails.gpus; ++gpu) {
    for (const LinkId link : {fabric.scale_up_out(gpu), fabric.scale_up_in(gpu),
                              fabric.nic_out(gpu), fabric.nic_in(gpu)}) {
      EXPECT_TRUE(seen.insert(link).second) << "link " << link << " of GPU " << gpu;
    }
    seen.insert(fabric.leaf_up(gpu));
    seen.insert(fabric.leaf_down(gpu));
  }
  EXPECT_EQ(seen.size(), fabric.links().size());
  EXPECT_EQ(*seen.rbegin() + 1, fabric.links().size());
}

TEST(Fabric, OrdersLinksByGpuThenNicThenLeafAndRail) {
  const Fabric fabric = make_fabric(rails);
  EXPECT_EQ(fabric.scale_up_in(1), 3U);
  EXPECT_EQ(fabric.nic_out(0), 128U);
  EXPECT_EQ(fabric.nic_in(9), 128U + 19U);
  EXPECT_EQ(fabric.leaf_up(0), 256U);
  EXPECT_EQ(fabric.leaf_up(33), 256U + 16U + 2U);  // leaf 1, rail 1
}

TEST(Fabric, TakesTheSlowestLinkWeightsCounted) {
  const Fabric fabric = make_fabric(rails, {400_GBps, 50_GBps, 100_GBps});
  EXPECT_EQ(fabric.bandwidth(fabric.route(3, 35)), 50_GBps);
  const std::vector<LinkUse> uses{{fabric.nic_out(3), 1}, {fabric.leaf_up(3), 4}};
  EXPECT_EQ(fabric.bandwidth(uses), 25_GBps);
}

TEST(FabricDeathTest, RefusesLinksThatDoNotFitTheShape) {
  const FabricShape shape{.gpus = 8, .gpus_per_node = 8, .nics_per_node = 8};
  EXPECT_DEATH(Fabric(shape, {}, 1_us, 1_us, 1_us), "links of its shape");
  const FabricShape half_full{.gpus = 12, .gpus_per_node = 8};
  EXPECT_DEATH(Fabric(half_full, {}, 1_us, 1_us, 1_us), "not full");
}

}  // namespace
}  // namespace fleetwright::testing
