#include "sim/fabric_graph.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

Cluster cluster(const std::string& topology, int nodes, int ports) {
  Cluster c = testing::cluster_of("H800-SXM", nodes * 8);
  c.topology = topology;
  c.switch_ports = ports;
  c.nic.achievable_bandwidth.value = BytesPerSecond{50e9};
  return c;
}

/// Bisection in cables of 50 GB/s, with all cables in the graph and with bundles.
void expect_bisection(Cluster c, double cables) {
  for (const Routing routing : {Routing::adaptive, Routing::fixed}) {
    c.routing = routing;
    EXPECT_DOUBLE_EQ(bisection_bandwidth(build_fabric(c)).si(), cables * 50e9)
        << c.topology << ", " << to_string(routing);
  }
}

TEST(BisectionBandwidth, OfAFatTreeIsThatOfHalfItsNics) {
  expect_bisection(cluster("single-switch", 16, 16), 64);
  expect_bisection(cluster("fat-tree", 16, 16), 64);
  expect_bisection(cluster("fat-tree", 16, 8), 64);  // three layers
}

TEST(BisectionBandwidth, OfAFatTreeIsDividedByItsOversubscription) {
  Cluster c = cluster("fat-tree", 16, 12);
  c.oversubscription = 2;  // 8 ports down, 4 up
  expect_bisection(c, 32);
  c.switch_ports = 32;
  c.oversubscription = 3;  // 24 ports down, 8 up
  c.gpus = 48 * 8;         // two blocks
  expect_bisection(c, 8 * 8);
}

TEST(BisectionBandwidth, OfThreeLayersIsDividedAtTheCoreToo) {
  Cluster c = cluster("fat-tree", 64, 16);
  c.rails = 1;  // a node on a leaf; 12 leaves a pod at 3:1
  c.layers = 3;
  c.core_oversubscription = 3;
  c.gpus = 48 * 8;
  // Four pods of 12 nodes: each has 8 aggregation switches with 4 cables up.
  expect_bisection(c, 2 * 8 * 4);
}

TEST(BisectionBandwidth, OfPlanesAndRailsIsFull) {
  expect_bisection(cluster("multi-plane-fat-tree", 16, 16), 64);
  expect_bisection(cluster("rail-only", 16, 16), 64);
}

TEST(BisectionBandwidth, OfADragonflyIsTheCablesBetweenItsHalves) {
  // 16-port switches: 4 NICs, 4 cables to other groups, 8 switches a group: 32 NICs and 32 cables.
  // 8 groups leave 4 cables a pair and 4 over: offsets 1, 2, 6 and 7 have one more.
  Cluster c = cluster("dragonfly", 32, 16);
  c.routing = Routing::fixed;
  int cables = 0;
  for (int from = 0; from < 4; ++from) {
    for (int to = 4; to < 8; ++to) {
      const int offset = to - from;
      cables += offset == 1 || offset == 2 || offset == 6 || offset == 7 ? 5 : 4;
    }
  }
  EXPECT_EQ(cables, 70);
  EXPECT_DOUBLE_EQ(bisection_bandwidth(build_fabric(c)).si(), cables * 50e9);
}

TEST(BisectionBandwidth, OfTwoNvl72DomainsIsThatOfTheirNics) {
  Cluster c = testing::cluster_of("GB200", 144);
  c.gpus_per_node = c.nics_per_node = 72;
  c.nic.achievable_bandwidth.value = BytesPerSecond{50e9};
  expect_bisection(c, 72);
}

TEST(BisectionBandwidth, OfPcieNodesIsThatOfTheirFewNics) {
  Cluster c = testing::cluster_of("A100-PCIE-40", 128);
  c.nics_per_node = 1;
  c.nic.achievable_bandwidth.value = BytesPerSecond{50e9};
  expect_bisection(c, 8);
}

TEST(BisectionBandwidth, OfTwoDataCentresIsTheLinkBetweenThem) {
  for (const char* topology : {"fat-tree", "rail-only", "dragonfly", "single-switch"}) {
    Cluster c = cluster(topology, 16, 16);
    c.data_centres = {2, BytesPerSecond{150e9}, Seconds{5e-3}};
    expect_bisection(c, 3);
  }
}

TEST(FabricGraph, FindsWaysBetweenRailsThroughNodesAlone) {
  // Without a spine, GPU 0 reaches the other rail of another node over one of the two nodes.
  const Fabric rail_only = build_fabric(cluster("rail-only", 4, 16));
  EXPECT_EQ(FabricGraph(rail_only).fewest_links(0, 9), 4);
  EXPECT_EQ(FabricGraph(rail_only).fewest_links(0, 8), 2);
  EXPECT_EQ(rail_only.route(0, 9).size(), 4U);
  // With one, the NICs meet.
  EXPECT_EQ(FabricGraph(build_fabric(cluster("fat-tree", 4, 16))).fewest_links(0, 9), 2);
}

TEST(FabricGraph, FindsNoMoreThanTheNicOfOneGpu) {
  const FabricGraph graph(build_fabric(cluster("single-switch", 2, 16)));
  const std::vector<int> one{0};
  const std::vector<int> other{8};
  // Its port leads to the other NICs of the node as well.
  const double port = cluster("fat-tree", 2, 16).scale_up.achievable_bandwidth.value.si();
  EXPECT_DOUBLE_EQ(graph.max_flow(one, other).si(), 50e9 + port);
}

}  // namespace
}  // namespace fleetwright
