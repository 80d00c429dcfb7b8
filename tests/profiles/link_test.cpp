#include "profiles/link.hpp"

#include <gtest/gtest.h>

#include "profiles/hardware_data.hpp"

namespace fleetwright {
namespace {

TEST(LinkShare, IsAllWhereNothingWasMeasured) {
  const Link& link = hardware_data().links.at("ib-ndr-400");
  EXPECT_EQ(link.share_of(CollectiveKind::all_reduce, 512), 1);
  EXPECT_EQ(link.share_of(CollectiveKind::all_gather, 512), 1);
}

TEST(LinkShare, LiesBetweenTheCountsThatWereMeasured) {
  Link link;
  link.reduce_share = {{1.0, 0.5, 0.2}, {}};
  EXPECT_EQ(link.share_of(CollectiveKind::all_reduce, 2), 1);
  EXPECT_EQ(link.share_of(CollectiveKind::all_reduce, 16), 1);
  EXPECT_EQ(link.share_of(CollectiveKind::all_reduce, 32), 0.5);
  const double between = link.share_of(CollectiveKind::all_reduce, 48);
  EXPECT_GT(between, 0.2);
  EXPECT_LT(between, 0.5);
  EXPECT_EQ(link.share_of(CollectiveKind::all_reduce, 64), 0.2);
  EXPECT_EQ(link.share_of(CollectiveKind::all_reduce, 4096), 0.2);
  EXPECT_EQ(link.share_of(CollectiveKind::reduce_scatter, 64), 1) << "named for all-reduces alone";
}

TEST(LinkShare, OfABusyClusterFallsWithItsSize) {
  const Link& link = hardware_data().links.at("efa-p5");
  for (const CollectiveKind kind : {CollectiveKind::all_reduce, CollectiveKind::all_gather}) {
    for (int ranks = 32; ranks <= 512; ranks *= 2) {
      EXPECT_LT(link.share_of(kind, ranks), link.share_of(kind, ranks / 2)) << ranks;
    }
  }
}

}  // namespace
}  // namespace fleetwright
