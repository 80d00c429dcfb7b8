#pragma once

#include <cstdint>

#include "profiles/gpu/kernels/on_both.hpp"
#include "profiles/gpu/kernels/scale_layout.hpp"

namespace fleetwright::gpu::hopper {

/// How the products of a grouped product share the rows of their operands.
enum class Grouping : std::uint8_t {
  whole,       // one product
  contiguous,  // groups one after another along m, each of any number of rows
  masked,      // each group has room for m rows, of which some are there
  along_k,     // groups one after another along k, each a multiple of 128
};

/// The output tiles of a product, in the order in which the blocks of a persistent kernel take
/// them.
struct TileSchedule {
  Grouping grouping = Grouping::whole;
  int groups = 1;
  int m =
      0;  // rows: whole, contiguous: in total; masked: that a group has room for; along_k: of each
  int n = 0;
  int k = 0;                            // along_k: in total
  const std::int32_t* sizes = nullptr;  // rows, or k, of each group; not for whole
  int tile_m = 0;                       // of all blocks of a cluster together
  int tile_n = 0;
  int band = 1;  // tiles along n that are taken side by side before the next rows, for the L2

  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int size(int group) const {
    if (grouping == Grouping::whole) return m;
    return static_cast<int>(sizes[group]);
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int rows_of(int group) const {
    return grouping == Grouping::along_k ? m : size(group);
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int tiles_n() const {
    return (n + tile_n - 1) / tile_n;
  }
  /// An empty group has none; nor has one without any k, to which nothing is added.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int tiles_of(int group) const {
    if (grouping == Grouping::along_k && size(group) == 0) return 0;
    return (rows_of(group) + tile_m - 1) / tile_m * tiles_n();
  }
};

/// One output tile.
struct Tile {
  int group = 0;
  int row = 0;        // the first, in the group
  int first_row = 0;  // of the group, in a and d
  int rows = 0;       // of the group
  int column = 0;     // the first
  int k_block = 0;    // the first, of 128
  int k_blocks = 0;
};

/// Gives a cluster its tiles: those whose number is `first` modulo `step`, group after group.
class TileCursor {
 public:
  FLEETWRIGHT_ON_BOTH constexpr TileCursor(const TileSchedule& schedule, int first, int step)
      : schedule_(schedule), number_(first), step_(step) {}

  /// False once there are no more.
  FLEETWRIGHT_ON_BOTH constexpr bool next(Tile& tile) {
    const TileSchedule& s = schedule_;
    for (; group_ < s.groups; ++group_) {
      const int tiles = s.tiles_of(group_);
      if (number_ < before_ + tiles) {
        place(number_ - before_, tile);
        number_ += step_;
        return true;
      }
      before_ += tiles;
      passed_ += s.grouping == Grouping::masked ? s.m : s.size(group_);
    }
    return false;
  }

 private:
  FLEETWRIGHT_ON_BOTH constexpr void place(int number, Tile& tile) const {
    const TileSchedule& s = schedule_;
    const bool along_k = s.grouping == Grouping::along_k;
    const int rows = s.rows_of(group_), tiles_m = (rows + s.tile_m - 1) / s.tile_m;
    const int first = number / (tiles_m * s.band) * s.band;  // column of tiles of the band
    const int left = s.tiles_n() - first, width = left < s.band ? left : s.band;
    const int in_band = number - first * tiles_m;
    tile.group = group_;
    tile.row = in_band / width * s.tile_m;
    tile.first_row = along_k ? 0 : passed_;
    tile.rows = rows;
    tile.column = (first + in_band % width) * s.tile_n;
    tile.k_block = along_k ? passed_ / scale_group : 0;
    tile.k_blocks = ((along_k ? s.size(group_) : s.k) + scale_group - 1) / scale_group;
  }

  TileSchedule schedule_;
  int number_;
  int step_;
  int group_ = 0;
  int before_ = 0;  // tiles of the groups before
  int passed_ = 0;  // rows, or k, of the groups before
};

}  // namespace fleetwright::gpu::hopper
