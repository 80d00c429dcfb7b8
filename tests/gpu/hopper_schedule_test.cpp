// Each output tile exactly once, for any shape, grouping, tile, band and number of clusters.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <numeric>
#include <set>

#include "profiles/gpu/kernels/hopper/tile_schedule.hpp"

namespace fleetwright::gpu::hopper {
namespace {

std::vector<Tile> tiles_of(const TileSchedule& s, int first, int step) {
  std::vector<Tile> tiles;
  TileCursor cursor(s, first, step);
  for (Tile tile; cursor.next(tile);) tiles.push_back(tile);
  return tiles;
}

TileSchedule random_schedule(Grouping grouping) {
  TileSchedule s;
  s.grouping = grouping;
  s.m = *rc::gen::inRange(1, 700);
  s.n = *rc::gen::inRange(1, 900);
  s.k = *rc::gen::inRange(1, 900);
  s.tile_m = *rc::gen::element(64, 128, 256, 512);
  s.tile_n = *rc::gen::element(64, 96, 112, 128, 160, 192);
  s.band = *rc::gen::inRange(1, 12);
  return s;
}

// Takes the tiles of all clusters and says how often each result is written, and over which k.
void expect_covers(const TileSchedule& s, const std::vector<std::int32_t>& sizes) {
  const int clusters = *rc::gen::inRange(1, 140);
  const bool along_k = s.grouping == Grouping::along_k;
  std::map<int, std::set<std::pair<int, int>>> seen;  // by group: row and column
  std::size_t count = 0;
  for (int c = 0; c < clusters; ++c) {
    int last_group = 0;
    for (const Tile& t : tiles_of(s, c, clusters)) {
      ++count;
      RC_ASSERT(t.group >= last_group);  // so that sizes are read in order
      last_group = t.group;
      RC_ASSERT(t.row % s.tile_m == 0 && t.column % s.tile_n == 0);
      RC_ASSERT(t.row < t.rows && t.column < s.n);
      RC_ASSERT(seen[t.group].emplace(t.row, t.column).second);
      const int size = sizes.empty() ? s.m : sizes[static_cast<std::size_t>(t.group)];
      const int before = std::accumulate(sizes.begin(), sizes.begin() + t.group, 0);
      RC_ASSERT(t.rows == (along_k ? s.m : size));
      RC_ASSERT(t.first_row == (along_k                          ? 0
                                : s.grouping == Grouping::masked ? t.group * s.m
                                                                 : before));
      RC_ASSERT(t.k_block == (along_k ? before / 128 : 0));
      RC_ASSERT(t.k_blocks == ((along_k ? size : s.k) + 127) / 128);
    }
  }
  std::size_t expected = 0;
  for (int g = 0; g < s.groups; ++g) {
    const int size = sizes.empty() ? s.m : sizes[static_cast<std::size_t>(g)];
    if (size == 0) continue;
    const int rows = along_k ? s.m : size;
    expected += static_cast<std::size_t>((rows + s.tile_m - 1) / s.tile_m) *
                static_cast<std::size_t>((s.n + s.tile_n - 1) / s.tile_n);
  }
  RC_ASSERT(count == expected);
}

std::vector<std::int32_t> random_sizes(int groups, int most, int unit) {
  std::vector<std::int32_t> sizes;
  for (int g = 0; g < groups; ++g) {
    const bool empty = *rc::gen::inRange(0, 4) == 0;
    sizes.push_back(empty ? 0 : *rc::gen::inRange(0, most / unit + 1) * unit);
  }
  return sizes;
}

RC_GTEST_PROP(HopperTiles, CoverAWholeProductOnce, ()) {
  expect_covers(random_schedule(Grouping::whole), {});
}

RC_GTEST_PROP(HopperTiles, CoverEveryGroupOnce, ()) {
  TileSchedule s = random_schedule(*rc::gen::element(Grouping::contiguous, Grouping::masked));
  s.groups = *rc::gen::inRange(1, 20);
  const std::vector<std::int32_t> sizes = random_sizes(s.groups, s.m, 1);
  s.sizes = sizes.data();
  expect_covers(s, sizes);
}

RC_GTEST_PROP(HopperTiles, CoverEveryGroupAlongKOnce, ()) {
  TileSchedule s = random_schedule(Grouping::along_k);
  s.groups = *rc::gen::inRange(1, 20);
  const std::vector<std::int32_t> sizes = random_sizes(s.groups, 1024, 128);
  s.sizes = sizes.data();
  expect_covers(s, sizes);
}

// Clusters of a wave read the fewest different rows of b where they lie in a band.
TEST(HopperTiles, OfABandLieSideBySide) {
  TileSchedule s;
  s.m = 4 * 128;
  s.n = 5 * 128;
  s.k = 128;
  s.tile_m = s.tile_n = 128;
  s.band = 2;
  std::vector<std::pair<int, int>> order;
  for (const Tile& t : tiles_of(s, 0, 1)) order.emplace_back(t.row / 128, t.column / 128);
  const std::vector<std::pair<int, int>> expected{
      {0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {2, 1}, {3, 0}, {3, 1},  // first band
      {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 2}, {2, 3}, {3, 2}, {3, 3},  // second
      {0, 4}, {1, 4}, {2, 4}, {3, 4}};                                 // what is left
  EXPECT_EQ(order, expected);
}

}  // namespace
}  // namespace fleetwright::gpu::hopper
