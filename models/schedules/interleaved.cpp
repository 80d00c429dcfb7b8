#include <fmt/core.h>

#include <algorithm>

#include "models/core/error.hpp"
#include "models/schedules/builtin_schedules.hpp"

namespace fleetwright {
namespace {

/// Interleaved 1F1B (arXiv 2104.04473 sec. 2.2.2) in the order of Megatron-Core: rank r holds the
/// model stages r, p + r, 2p + r ...; micro-batches go in groups of p through all chunks in turn.
class Interleaved final : public PipelineSchedule {
 public:
  std::optional<int> fixed_chunks() const override { return std::nullopt; }

  std::optional<std::string> refuses(const PipelineShape& shape) const override {
    if (auto rule = refuses_empty_shape(shape)) return rule;
    if (shape.chunks < 2) {
      return fmt::format("interleaved needs at least 2 model chunks a rank: {} < 2 (use 1f1b)",
                         shape.chunks);
    }
    // Megatron-Core refuses a last group with fewer micro-batches than ranks too (schedules.py,
    // forward_backward_pipelining_with_interleaving).
    const int whole_groups = shape.micro_batches / shape.ranks * shape.ranks;
    if (whole_groups == shape.micro_batches) return std::nullopt;
    const std::string fewer = whole_groups > 0 ? fmt::format("{} or ", whole_groups) : "";
    return fmt::format(
        "interleaved needs a multiple of pp micro-batches: {} is not a multiple of {} (use {}{})",
        shape.micro_batches, shape.ranks, fewer, whole_groups + shape.ranks);
  }

  PipelinePlan plan(const PipelineShape& shape) const override {
    ensure(!refuses(shape), "a plan of a shape that interleaved refuses");
    PipelinePlan plan = empty_plan(shape.ranks, shape.ranks * shape.chunks, shape.micro_batches);
    const int passes = shape.micro_batches * shape.chunks;
    for (int rank = 0; rank < shape.ranks; ++rank) {
      for (int chunk = 0; chunk < shape.chunks; ++chunk) {
        plan.stages_of_rank[static_cast<std::size_t>(rank)].push_back(chunk * shape.ranks + rank);
      }
      auto& slots = plan.slots[static_cast<std::size_t>(rank)];
      // Megatron-Core, schedules.py, get_pp_rank_microbatches. Two more for each rank towards the
      // first; one would do if transfers took no time.
      const int warm_up =
          std::min(2 * (shape.ranks - 1 - rank) + (shape.chunks - 1) * shape.ranks, passes);
      for (int step = 0; step < passes + warm_up; ++step) {
        if (step < passes) slots.push_back({nth(Pass::forward, step, rank, shape), {}});
        if (step >= warm_up) {
          slots.push_back({nth(Pass::backward, step - warm_up, rank, shape), {}});
        }
      }
    }
    fill_rank_table(plan);
    return plan;
  }

  /// arXiv 2104.04473 sec. 2.2.2: t_pb = (p - 1)(t_f + t_b) / v, where both times are those of all
  /// v chunks of a rank together.
  std::optional<double> bubble(const PipelineShape& shape, double forward, double backward,
                               double /*weight*/, double /*forward_backward*/) const override {
    return (shape.ranks - 1) * (forward + backward) / shape.chunks;
  }

 private:
  /// The n-th forward or backward of a rank; backward takes the chunks from the last to the first.
  static StagePass nth(Pass pass, int n, int rank, const PipelineShape& shape) {
    const int group = n / (shape.ranks * shape.chunks);
    const int nth_chunk = n / shape.ranks % shape.chunks;
    const int chunk = pass == Pass::forward ? nth_chunk : shape.chunks - 1 - nth_chunk;
    return {pass, chunk * shape.ranks + rank, group * shape.ranks + n % shape.ranks};
  }
};

}  // namespace

std::unique_ptr<PipelineSchedule> make_interleaved() { return std::make_unique<Interleaved>(); }

}  // namespace fleetwright
