#include "sim/collectives/collective_choice.hpp"

#include <gtest/gtest.h>

#include "profiles/hardware_data.hpp"

namespace fleetwright {
namespace {

CollectiveMeans h100() {
  return {BytesPerSecond{370e9}, BytesPerSecond{47e9}, true, false, "auto", Seconds{0}};
}

CollectiveChoice choose(double bytes, int nodes, const CollectiveMeans& means = h100(),
                        CollectiveKind kind = CollectiveKind::all_reduce) {
  return choose_collective(kind, Bytes{bytes}, {nodes, 8}, means, hardware_data().collectives);
}

TEST(CollectiveChoice, TakesATreeOfWordsForSmallMessagesAndARingForLargeOnes) {
  EXPECT_EQ(choose(1e3, 32).algorithm, "tree");
  EXPECT_EQ(choose(1e3, 32).protocol, "ll");
  CollectiveMeans ampere = h100();
  ampere.node_reduces = false;
  EXPECT_EQ(choose(4e9, 8, ampere).algorithm, "ring");
  EXPECT_EQ(choose(4e9, 8, ampere).protocol, "simple");
  EXPECT_EQ(choose(4e9, 2).algorithm, "nvls-tree");  // half of the bytes between two nodes
}

TEST(CollectiveChoice, HasOnlyRingsToGatherAndScatter) {
  for (const double bytes : {1e3, 1e6, 1e9}) {
    EXPECT_EQ(choose(bytes, 8, h100(), CollectiveKind::all_gather).algorithm, "ring");
    EXPECT_EQ(choose(bytes, 8, h100(), CollectiveKind::reduce_scatter).algorithm, "ring");
  }
}

TEST(CollectiveChoice, TakesLongerForMoreBytesAndNeverLessThanTheLinks) {
  for (const int nodes : {2, 8, 64}) {
    Seconds before;
    for (double bytes = 1e2; bytes < 1e10; bytes *= 2) {
      const CollectiveChoice choice = choose(bytes, nodes);
      EXPECT_GE(choice.time, before * 0.8) << bytes;  // tree corrections are steps
      EXPECT_GE(choice.time, choice.work.scale_out / h100().scale_out);
      before = choice.time;
    }
  }
}

TEST(CollectiveChoice, AddsUpInTheNetworkOnlyWhereItCan) {
  EXPECT_NE(choose(1e9, 8).algorithm, "in-network");
  CollectiveMeans sharp = h100();
  sharp.network_reduces = true;
  EXPECT_EQ(choose(1e9, 8, sharp).algorithm, "in-network");
  EXPECT_LT(choose(1e9, 8, sharp).time, choose(1e9, 8).time);
  sharp.node_reduces = false;
  EXPECT_NE(choose(1e9, 8, sharp).algorithm, "in-network");
}

TEST(CollectiveChoice, TakesWhatItIsToldWhereThatCanDoIt) {
  CollectiveMeans means = h100();
  for (const char* name : {"ring", "tree", "halving-doubling", "hierarchical"}) {
    means.algorithm = name;
    EXPECT_EQ(choose(1e6, 4, means).algorithm, name);
  }
  means.algorithm = "tree";
  EXPECT_EQ(choose(1e6, 4, means, CollectiveKind::all_gather).algorithm, "ring");
  means.algorithm = "halving-doubling";
  EXPECT_NE(choose(1e6, 3, means).algorithm, "halving-doubling");
}

}  // namespace
}  // namespace fleetwright
