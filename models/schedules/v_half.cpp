#include "models/schedules/builtin_schedules.hpp"
#include "models/schedules/v_shape.hpp"

namespace fleetwright {
namespace {

/// V-Half (arXiv 2405.15362 sec. 3.2): half of 1F1B's activations and, with passes of equal length,
/// at most half of its bubble.
class VHalf final : public VShape {
  std::string_view name() const override { return "v-half"; }
  /// Two passes from rank to rank on the way down, one on the way up. With an even number of ranks
  /// the backward legs would fall on forward ones, and start three passes later.
  BuildingBlock building_block(int ranks) const override {
    const int shift = ranks % 2 == 0 ? 3 : 0;
    BuildingBlock block;
    for (int rank = 0; rank < ranks; ++rank) {
      block.push_back({2 * rank, 3 * ranks - 2 - rank, 3 * ranks - 1 + shift + 2 * rank,
                       6 * ranks - 2 + shift - rank});
    }
    return block;
  }
};

}  // namespace

std::unique_ptr<PipelineSchedule> make_v_half() { return std::make_unique<VHalf>(); }

}  // namespace fleetwright
