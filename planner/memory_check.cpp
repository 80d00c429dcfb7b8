#include "planner/memory_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "models/core/error.hpp"
#include "models/core/format.hpp"

namespace fleetwright {
namespace {

struct MemoryPart {
  std::string_view name;
  Bytes bytes;
};

std::string remedy(std::string_view part, const ParallelStrategy& s) {
  if (part == "activations") {
    if (s.recompute != Recompute::full) return "recompute more (strategy.recompute = \"full\")";
    return s.micro_batch > 1 ? "lower strategy.micro_batch" : "raise strategy.tp or strategy.cp";
  }
  if (part == "optimizer states" && s.zero_stage < 1) return "shard them (strategy.zero_stage = 1)";
  if (part == "gradients" && s.zero_stage < 2) return "shard them (strategy.zero_stage = 2)";
  return "raise strategy.tp, pp or ep, or use more accelerators";
}

}  // namespace

void require_memory(const IslandReport& island) {
  if (island.peak_memory <= island.capacity) return;
  throw Infeasible(fmt::format(
      "out of memory: a pipeline rank on island '{}' needs {} and {} has {}, so {} are lacking",
      island.name, human(island.peak_memory), island.accelerator, human(island.capacity),
      human(island.peak_memory - island.capacity)));
}

void require_memory(const StepSetup& setup, const StepEstimate& step) {
  const Bytes capacity = setup.cluster.accelerator.memory_capacity.value;
  const MemoryFootprint& m = step.fullest();
  if (m.peak() <= capacity) return;
  const auto rank =
      std::ranges::max_element(step.memory, {}, &MemoryFootprint::peak) - step.memory.begin();
  const std::array parts{MemoryPart{"weights", m.weights}, MemoryPart{"gradients", m.gradients},
                         MemoryPart{"optimizer states", m.optimizer},
                         MemoryPart{"activations", m.activations},
                         MemoryPart{"buffers", m.buffers}};
  std::string where;
  for (const MemoryPart& p : parts) {
    where += fmt::format("{}{} {}", where.empty() ? "" : ", ", p.name, human(p.bytes));
  }
  const MemoryPart& largest = *std::ranges::max_element(parts, {}, &MemoryPart::bytes);
  throw Infeasible(fmt::format(
      "out of memory: pipeline rank {} of {} needs {} and {} has {}, so {} are lacking\n"
      "  it holds {}\n  help: the {} weigh most: {}",
      rank, step.memory.size(), human(m.peak()), setup.cluster.accelerator.id, human(capacity),
      human(m.peak() - capacity), where, largest.name, remedy(largest.name, setup.job.strategy)));
}

}  // namespace fleetwright
