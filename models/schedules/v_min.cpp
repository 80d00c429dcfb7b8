#include "models/schedules/builtin_schedules.hpp"
#include "models/schedules/v_shape.hpp"

namespace fleetwright {
namespace {

/// V-Min (arXiv 2405.15362 sec. 3.2): a third of 1F1B's activations, the least of this family. Each
/// pass waits for the one before it, so passes of unequal length leave gaps in every period.
class VMin final : public VShape {
  std::string_view name() const override { return "v-min"; }
  /// One pass from rank to rank. With a multiple of three ranks the backward legs would fall on
  /// forward ones, and start two passes later.
  BuildingBlock building_block(int ranks) const override {
    const int shift = ranks % 3 == 0 ? 2 : 0;
    BuildingBlock block;
    for (int rank = 0; rank < ranks; ++rank) {
      block.push_back(
          {rank, 2 * ranks - 1 - rank, 2 * ranks + shift + rank, 4 * ranks - 1 + shift - rank});
    }
    return block;
  }
};

}  // namespace

std::unique_ptr<PipelineSchedule> make_v_min() { return std::make_unique<VMin>(); }

}  // namespace fleetwright
