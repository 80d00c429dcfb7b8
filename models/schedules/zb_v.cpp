#include "models/schedules/builtin_schedules.hpp"
#include "models/schedules/v_shape.hpp"

namespace fleetwright {
namespace {

/// ZB-V (arXiv 2401.10241 sec. 6, V-ZB in arXiv 2405.15362): no rank idles between its first and
/// its last pass, and each keeps as many activations as 1F1B's first.
class ZbV final : public VShape {
 public:
  /// None where the three passes take the same time, but ranks start up to p - 1 forwards of a
  /// stage after the first, and the authors' optimizer, which does not wait for all, is not
  /// modelled.
  std::optional<double> bubble(const PipelineShape& shape, double forward, double backward,
                               double weight, double /*forward_backward*/) const override {
    const bool equal = backward == 2 * forward && weight == forward;
    if (!equal || shape.micro_batches < shape.ranks) return std::nullopt;
    return (shape.ranks - 1) * forward / 2;
  }

 private:
  std::string_view name() const override { return "zb-v"; }
  /// Four passes from rank to rank on the way down, two on the way up: twelve times p in all, so
  /// two times p activations of half a rank's stages.
  BuildingBlock building_block(int ranks) const override {
    BuildingBlock block;
    for (int rank = 0; rank < ranks; ++rank) {
      block.push_back({4 * rank, 6 * ranks - 5 - 2 * rank, 6 * ranks - 4 + 4 * rank,
                       12 * ranks - 9 - 2 * rank});
    }
    return block;
  }
};

}  // namespace

std::unique_ptr<PipelineSchedule> make_zb_v() { return std::make_unique<ZbV>(); }

}  // namespace fleetwright
