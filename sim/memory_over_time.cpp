#include "sim/memory_over_time.hpp"

#include "models/activation_profile.hpp"
#include "models/memory.hpp"

namespace fleetwright {

std::vector<MemorySample> memory_over_time(const TrainingJob& job, const BuiltStep& step,
                                           const Timeline& timeline) {
  std::vector<StageActivations> of_stage;
  for (const StageContent& stage : step.stages) of_stage.push_back(stage_activations(job, stage));
  std::vector<MemorySample> samples;
  for (int rank = 0; rank < step.plan.ranks(); ++rank) {
    const auto at = static_cast<std::size_t>(rank);
    const auto profile = activation_profile(step.plan.slots[at], of_stage);
    samples.push_back({rank, {}, {}});
    for (std::size_t slot = 0; slot < profile.size(); ++slot) {
      // Kernels alone: a collective may end while the next pass computes already.
      const SlotKernels& kernels = step.slot_kernels[at][slot];
      samples.push_back({rank, timeline[kernels.first].start, profile[slot].during});
      samples.push_back({rank, timeline[kernels.last].end, profile[slot].after});
    }
  }
  return samples;
}

}  // namespace fleetwright
