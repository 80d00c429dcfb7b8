#include "sim/collectives/column_flows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "sim/slow_links.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

using ::testing::ElementsAre;

StepSetup thin_leaves() {
  StepSetup s = testing::moe_setup("H800-SXM", 128, 2);
  s.job.strategy.ep = 16;
  s.cluster.switch_ports = 16;
  s.cluster.oversubscription = 3;
  return s;
}

/// Two stages of 64 GPUs, four columns of two nodes each.
class ColumnFlowsTest : public ::testing::Test {
 protected:
  std::vector<ColumnPart> every_column() const {
    std::vector<ColumnPart> parts;
    for (int column = 0; column < layout().count; ++column) parts.push_back({column, {column}});
    return parts;
  }
  ColumnLayout layout() const { return lay_out_columns(setup_.job.strategy); }

  /// Bytes on each link when all parts do the same transfer.
  std::map<LinkId, double> bytes_on_links(const TransferShape& shape, Granularity granularity,
                                          const std::vector<ColumnPart>& parts) const {
    const StageTraffic traffic(setup_.job.strategy, fabric_, 1);
    const ColumnFlows flows(traffic, fabric_, layout(), parts, granularity);
    std::map<LinkId, double> bytes;
    for (const ColumnPart& part : parts) {
      for (const ColumnFlow& f : flows.of(shape, part)) {
        for (const LinkUse& use : f.flow.uses) bytes[use.link] += f.flow.bytes.si() * use.weight;
      }
    }
    return bytes;
  }

  StepSetup setup_ = thin_leaves();
  Fabric fabric_ = build_fabric(setup_.cluster);
};

TransferShape exchange() {
  TransferShape shape;
  shape.pattern = TransferPattern::exchange;
  shape.group = CommunicationGroup::expert;
  shape.scale_out = Bytes{8e6};
  shape.scale_up = Bytes{3e6};
  return shape;
}

/// Of the stage that a GPU stands for; the second one reaches over two leaves.
TransferShape ring(int gpu) {
  TransferShape shape = exchange();
  shape.gpu = gpu;
  shape.pattern = TransferPattern::ring;
  shape.group = CommunicationGroup::data;
  return shape;
}

TransferShape send_to(int gpu) {
  TransferShape shape;
  shape.pattern = TransferPattern::send;
  shape.to = gpu;
  shape.scale_out = Bytes{5e6};
  return shape;
}

TEST_F(ColumnFlowsTest, MoveTheSameBytesOverEachNicPairByPairOrAtOnce) {
  for (const TransferShape& shape : {exchange(), ring(0), send_to(64)}) {
    const auto pairs = bytes_on_links(shape, Granularity::gpu, every_column());
    for (int gpu = 0; gpu < 64; ++gpu) {
      EXPECT_NEAR(pairs.at(fabric_.nic_out(gpu)), shape.scale_out.si(), 1);
    }
    const auto coflows = bytes_on_links(shape, Granularity::coflow, every_column());
    for (int column = 0; column < 4; ++column) {
      EXPECT_NEAR(coflows.at(fabric_.nic_out(16 * column)), shape.scale_out.si(), 1);
    }
    const auto nodes = bytes_on_links(shape, Granularity::node, every_column());
    for (int node = 0; node < 8; ++node) {
      EXPECT_NEAR(nodes.at(fabric_.nic_out(8 * node)), shape.scale_out.si(), 1);
    }
  }
}

TEST_F(ColumnFlowsTest, LoadTheNetworkAlikeAtEachGranularity) {
  for (const TransferShape& shape : {ring(64), send_to(64)}) {
    const auto coflow = bytes_on_links(shape, Granularity::coflow, every_column());
    const auto node = bytes_on_links(shape, Granularity::node, every_column());
    double most = 0;
    for (const auto& [link, bytes] : coflow) {
      if (link < fabric_.first_network_link()) continue;
      most = std::max(most, bytes);
      ASSERT_TRUE(node.contains(link)) << fabric_.links()[link].name;
      EXPECT_NEAR(node.at(link), bytes, 1e-9 * bytes) << fabric_.links()[link].name;
    }
    EXPECT_GT(most, 0);
  }
}

TEST_F(ColumnFlowsTest, OfAColumnThatStandsForOthersLoadTheNetworkForAll) {
  const std::vector<ColumnPart> one{{0, {0, 1, 2, 3}}};
  for (const TransferShape& shape : {ring(64), send_to(64)}) {
    const auto all = bytes_on_links(shape, Granularity::coflow, every_column());
    const auto folded = bytes_on_links(shape, Granularity::coflow, one);
    for (const auto& [link, bytes] : all) {
      if (link < fabric_.first_network_link()) continue;
      EXPECT_NEAR(folded.at(link), bytes, 1e-9 * bytes) << fabric_.links()[link].name;
    }
  }
}

TEST_F(ColumnFlowsTest, FollowTheLoadOfNodesAndGpusInAnExchange) {
  const StageTraffic traffic(setup_.job.strategy, fabric_, 1);
  const auto coflows = ColumnFlows(traffic, fabric_, layout(), every_column(), Granularity::coflow)
                           .of(exchange(), {1, {1}});
  ASSERT_GE(coflows.size(), 2U);
  EXPECT_EQ(coflows[0].follows, FollowsLoad::of_fullest_node);
  EXPECT_EQ(coflows[1].follows, FollowsLoad::of_fullest_gpu);
  const auto pairs = ColumnFlows(traffic, fabric_, layout(), every_column(), Granularity::node)
                         .of(exchange(), {1, {1}});
  ASSERT_GE(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].follows, FollowsLoad::of_node);
  EXPECT_EQ(pairs[0].node, 1);  // from the first node of the column to the second
  EXPECT_EQ(pairs[1].node, 0);
}

TEST_F(ColumnFlowsTest, SlowLinksSlowWhatStandsForThem) {
  const std::vector<SlowLink> slow{{"nic21.out", 4}};  // the second column's second node's sixth
  const auto speed = [&](Granularity granularity, int gpu) {
    const Fabric fabric = slow_fabric(fabric_, slow, layout(), granularity);
    return fabric.links()[fabric.nic_out(gpu)].capacity /
           fabric_.links()[fabric_.nic_out(gpu)].capacity;
  };
  EXPECT_DOUBLE_EQ(speed(Granularity::gpu, 21), 0.25);
  EXPECT_DOUBLE_EQ(speed(Granularity::gpu, 16), 1.0);
  EXPECT_DOUBLE_EQ(speed(Granularity::node, 16), 0.25);
  EXPECT_DOUBLE_EQ(speed(Granularity::node, 24), 1.0);
  EXPECT_DOUBLE_EQ(speed(Granularity::coflow, 24), 0.25);
  EXPECT_DOUBLE_EQ(speed(Granularity::coflow, 32), 1.0);
  Variation v;
  v.slow_links = slow;
  EXPECT_THAT(slow_columns(v, layout(), fabric_), ElementsAre(1));
}

TEST(ColumnLayout, JoinsWhatTensorContextAndExpertGroupsHoldTogether) {
  ParallelStrategy s;
  s.tp = 4;
  s.cp = 2;
  s.dp = 12;
  s.ep = 16;
  s.etp = 1;
  s.dp = 16;
  EXPECT_EQ(lay_out_columns(s).width, 16);
  EXPECT_EQ(lay_out_columns(s).count, 8);
  s.ep = 1;
  EXPECT_EQ(lay_out_columns(s).width, 8);
  s.tp = 3;
  s.cp = 1;
  s.ep = 4;
  EXPECT_EQ(lay_out_columns(s).width, 12);
  EXPECT_EQ(lay_out_columns(s).column_of(47), 3);
  EXPECT_EQ(lay_out_columns(s).column_of(49), 0);  // of the next stage
}

}  // namespace
}  // namespace fleetwright
