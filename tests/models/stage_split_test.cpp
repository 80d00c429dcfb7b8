#include "models/stage_split.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

using ::testing::ElementsAre;

// The output head, as wide as in nanotron's benchmarks, weighs as much as four of the layers.
ModelConfig with_a_heavy_head() {
  ModelConfig m = testing::dense_setup("H100-SXM", 8).job.model;
  m.layers = 16;
  m.hidden = 2048;
  m.heads = m.kv_heads = 32;
  m.head_dim = 64;
  m.ffn_hidden = 8192;
  m.vocabulary = 131072;
  return m;
}

TEST(SplitByWeight, CountsTheHeadAsLayers) {
  const ModelConfig m = with_a_heavy_head();
  EXPECT_THAT(split_by_weight(m, 1), ElementsAre(16));
  EXPECT_THAT(split_by_weight(m, 2), ElementsAre(11, 5));
  EXPECT_THAT(split_by_weight(m, 4), ElementsAre(6, 5, 5, 0));
}

TEST(SplitByWeight, LeavesLateStagesEmptyWhereTheHeadOutweighsThem) {
  EXPECT_THAT(split_by_weight(with_a_heavy_head(), 8), ElementsAre(3, 3, 2, 3, 2, 3, 0, 0));
}

TEST(SplitByWeight, DealsEveryLayerOnce) {
  ModelConfig moe = testing::moe_setup("H800-SXM", 8, 1).job.model;
  for (moe.layers = 1; moe.layers < 20; ++moe.layers) {
    for (int stages = 1; stages < 12; ++stages) {
      const std::vector<int> split = split_by_weight(moe, stages);
      ASSERT_EQ(split.size(), static_cast<std::size_t>(stages));
      EXPECT_EQ(std::accumulate(split.begin(), split.end(), 0), moe.layers);
    }
  }
}

}  // namespace
}  // namespace fleetwright
