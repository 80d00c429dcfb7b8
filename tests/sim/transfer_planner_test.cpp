#include "sim/collectives/transfer_planner.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

/// 16 nodes in two blocks: a leaf has 8 NICs and 4 cables up at 2:1, or 8 and 8.
StepSetup two_leaves(double oversubscription) {
  StepSetup s = testing::moe_setup("H800-SXM", 128, 1);
  s.cluster.switch_ports = oversubscription == 2 ? 12 : 16;
  s.cluster.oversubscription = oversubscription;
  return s;
}

double seconds_alone(const Transfer& transfer, const Fabric& fabric) {
  Seconds longest;
  for (const FlowSpec& flow : transfer.flows) {
    longest = std::max(longest, flow.bytes / fabric.bandwidth(flow.uses));
  }
  return longest.si();
}

double seconds_of(const StepSetup& setup, const CollectiveCall& call) {
  const Fabric fabric = build_fabric(setup.cluster);
  return seconds_alone(TransferPlanner(setup, fabric, 1).collective(call, 0), fabric);
}

TEST(TransferPlanner, LetsTheSendsOfAStageShareTheUplinksOfItsLeaf) {
  for (const double ratio : {1.0, 2.0}) {
    StepSetup s = two_leaves(ratio);
    s.job.strategy.pp = 2;
    s.job.strategy.dp = s.job.strategy.ep = 64;  // a stage is a block
    const Fabric fabric = build_fabric(s.cluster);
    const Transfer send = TransferPlanner(s, fabric, 1).send(Bytes{47e6}, 0, 64);
    EXPECT_NEAR(seconds_alone(send, fabric), ratio * 1e-3, 1e-9);
  }
}

TEST(TransferPlanner, LetsRingsThatAllCrossShareTheUplinks) {
  // Replicas of experts stand 8 nodes apart: each ring of two crosses there and back.
  for (const double ratio : {1.0, 2.0}) {
    StepSetup s = two_leaves(ratio);
    s.job.strategy.ep = 64;
    const CollectiveCall call{CollectiveKind::all_gather, CommunicationGroup::expert_data,
                              Bytes{94e6}};
    EXPECT_NEAR(seconds_of(s, call), ratio * 1e-3, 1e-9);
  }
}

TEST(TransferPlanner, LetsARingCrossEachUplinkOnce) {
  // One ring over all nodes on each rail: four cables have room for its one flow.
  const CollectiveCall call{CollectiveKind::reduce_scatter, CommunicationGroup::data, Bytes{1e9}};
  StepSetup thin = two_leaves(2);
  EXPECT_DOUBLE_EQ(seconds_of(thin, call), seconds_of(two_leaves(1), call));
}

TEST(TransferPlanner, SendsTheFarPartOfAnExchangeOverTheUplinks) {
  // Of 15 other nodes 8 are across: 8 NICs x 8/15 through 4 cables are 16/15 of a NIC's time.
  const CollectiveCall call{CollectiveKind::dispatch, CommunicationGroup::expert, Bytes{1e8}};
  EXPECT_NEAR(seconds_of(two_leaves(2), call) / seconds_of(two_leaves(1), call), 16.0 / 15, 1e-9);
}

TEST(TransferPlanner, ChangesPlanesInsideTheSendingNode) {
  StepSetup s = two_leaves(1);
  s.cluster.topology = "multi-plane-fat-tree";
  const Fabric fabric = build_fabric(s.cluster);
  const Transfer send = TransferPlanner(s, fabric, 1).send(Bytes{47e6}, 0, 9);
  ASSERT_EQ(send.flows.size(), 2U);
  EXPECT_EQ(send.flows[0].uses, (std::vector<LinkUse>{{fabric.nic_out(1)}, {fabric.nic_in(9)}}));
  EXPECT_EQ(send.flows[1].uses,
            (std::vector<LinkUse>{{fabric.scale_up_out(0)}, {fabric.scale_up_in(1)}}));
}

TEST(TransferPlanner, TakesNicTrafficThroughThePortsOfPcieNodes) {
  StepSetup s = testing::dense_setup("A100-PCIE-40", 64);
  s.cluster.nics_per_node = 1;
  const Fabric fabric = build_fabric(s.cluster);
  const CollectiveCall call{CollectiveKind::reduce_scatter, CommunicationGroup::data, Bytes{64e6}};
  const Transfer t = TransferPlanner(s, fabric, 1).collective(call, 0);
  ASSERT_EQ(t.flows.size(), 2U);
  // 63 MB pass each rank, an eighth of it from each GPU through the NIC that eight share.
  EXPECT_NEAR(t.flows[0].bytes.si(), 63e6, 1);
  EXPECT_NEAR(t.flows[1].bytes.si(), 63e6 * 9 / 8, 1);
}

TEST(TransferPlanner, CrossesTheLinkBetweenDataCentresTogether) {
  StepSetup s = two_leaves(1);
  s.cluster.data_centres = {2, BytesPerSecond{10e9}, Seconds{5e-3}};
  const Fabric fabric = build_fabric(s.cluster);
  const TransferPlanner planner(s, fabric, 1);
  const CollectiveCall ring{CollectiveKind::reduce_scatter, CommunicationGroup::data, Bytes{1e9}};
  const Transfer t = planner.collective(ring, 0);
  // Eight rings, one a rail, each an eighth of 127/128 of the bytes.
  EXPECT_NEAR(seconds_alone(t, fabric), 1e9 * 127 / 128 / 10e9, 1e-9);
  EXPECT_GE(t.delay, Seconds{10e-3});  // a chunk crosses there and back
  EXPECT_LT(t.delay, Seconds{11e-3});
  s.job.strategy.pp = 2;
  s.job.strategy.dp = s.job.strategy.ep = 64;
  EXPECT_GE(TransferPlanner(s, fabric, 1).send(Bytes{1}, 0, 64).delay, Seconds{5e-3});
}

TEST(TransferPlanner, CountsTheOtherCopyOfABidirectionalStageOnce) {
  StepSetup s = two_leaves(1);
  s.job.strategy.pp = 4;
  s.job.strategy.dp = s.job.strategy.ep = 32;
  s.cluster.oversubscription = 2;
  s.cluster.switch_ports = 12;
  s.cluster.collective = "ring";
  const Fabric fabric = build_fabric(s.cluster);
  // Positions 0 and 3 are 4 nodes each in different blocks: their rings of 8 nodes cross once.
  const CollectiveCall call{CollectiveKind::all_reduce, CommunicationGroup::data, Bytes{64e6}};
  const Transfer t = TransferPlanner(s, fabric, 2).collective(call, 0);
  double up = 0;
  for (const FlowSpec& flow : t.flows) {
    for (const LinkUse& use : flow.uses) {
      if (fabric.links()[use.link].name == "leaf0.rail0.up") up += flow.bytes.si();
    }
  }
  EXPECT_NEAR(up, 2 * 64e6 * 63 / 64 / 8, 1);
}

/// What collectives of two blocks cost with hashed paths, over what they cost with even ones.
double slowdown_by_hashing(int rails, int queue_pairs) {
  StepSetup s = two_leaves(1);
  s.job.strategy.ep = 64;
  s.cluster.rails = rails;
  const CollectiveCall call{CollectiveKind::all_gather, CommunicationGroup::expert_data,
                            Bytes{94e6}};
  const double even = seconds_of(s, call);
  s.cluster.routing = Routing::ecmp;
  s.cluster.queue_pairs = queue_pairs;
  double sum = 0;
  for (s.cluster.seed = 1; s.cluster.seed <= 20; ++s.cluster.seed) sum += seconds_of(s, call);
  return sum / 20 / even;
}

TEST(TransferPlanner, SlowsCollectivesThatCollideOnHashedPaths) {
  // The fullest of 8 cables that 8 flows are hashed to has 2.8 on average; over 32 sets of
  // cables (8 rails, 2 leaves, up and down) the fullest of all has 4 or 5.
  EXPECT_GT(slowdown_by_hashing(8, 1), 3.5);
  EXPECT_LT(slowdown_by_hashing(8, 1), 5.5);
  EXPECT_LT(slowdown_by_hashing(8, 16), 0.6 * slowdown_by_hashing(8, 1));
}

TEST(TransferPlanner, KeepsFixedPathsOfCounterpartsApart) {
  StepSetup s = two_leaves(1);
  s.job.strategy.ep = 64;
  const CollectiveCall call{CollectiveKind::all_gather, CommunicationGroup::expert_data,
                            Bytes{94e6}};
  const double even = seconds_of(s, call);
  s.cluster.routing = Routing::fixed;
  EXPECT_NEAR(seconds_of(s, call), even, 1e-9 * even);
}

// SimAI's ratios of NCCL (SIMAI-RATIOS): small messages to each peer reach less of a NIC.
TEST(TransferPlanner, ExchangesOfSmallMessagesReachLessOfTheNic) {
  StepSetup s = testing::moe_setup("H100-SXM", 32, 1);
  s.stack.expert_exchange.value = "pairwise";
  const Fabric fabric = build_fabric(s.cluster);
  const TransferPlanner planner(s, fabric, 1);
  const auto rate = [&](double bytes) {
    const CollectiveCall call{CollectiveKind::dispatch, CommunicationGroup::expert, Bytes{bytes}};
    return bytes / planner.uncontended(planner.collective(call, 0)).si();
  };
  const double copies = s.job.model.moe->active;
  EXPECT_NEAR(rate(200e6 / copies) / rate(500e6 / copies), 0.88 / 0.91, 0.02);
  EXPECT_NEAR(rate(17e6 / copies) / rate(500e6 / copies), 0.69 / 0.91, 0.02);
}

}  // namespace
}  // namespace fleetwright
