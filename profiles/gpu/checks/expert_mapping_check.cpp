#include "profiles/gpu/checks/expert_mapping_check.hpp"

#include <fmt/core.h>

#include <random>

#include "profiles/gpu/checks/exact.hpp"
#include "profiles/gpu/reference/permute.hpp"

namespace fleetwright::gpu {
namespace {

void check_mapping(const ExpertChoices& shape, int unserved, std::uint64_t seed,
                   std::vector<CheckResult>& results) {
  const std::vector<int> ids = random_choices(shape, unserved, seed);
  const reference::ExpertRows expected =
      reference::map_experts(ids, static_cast<std::size_t>(shape.slots), shape.experts);
  std::vector<std::int32_t> counts(static_cast<std::size_t>(shape.experts));
  for (const int id : ids) {
    if (id >= 0 && id < shape.experts) ++counts[static_cast<std::size_t>(id)];
  }
  DeviceArray<std::int32_t> device_ids(ids), device_counts(counts),
      sources(expected.sources.size()), rows_of(ids.size()), scratch(expert_mapping_scratch(shape));
  expert_mapping(device_ids.data(), device_counts.data(), shape, sources.data(), rows_of.data(),
                 scratch.data(), nullptr);
  device_synchronize();
  const std::string name =
      fmt::format("expert_mapping {}x{} of {} experts", shape.tokens, shape.slots, shape.experts);
  results.push_back(compare_exactly(name + " sources", sources.host(), expected.sources));
  results.push_back(compare_exactly(name + " rows", rows_of.host(), expected.rows_of));
}

}  // namespace

std::vector<int> random_choices(const ExpertChoices& shape, int unserved, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::vector<int> ids(static_cast<std::size_t>(shape.tokens * shape.slots));
  for (int& id : ids) {
    id = static_cast<int>(engine() % static_cast<std::uint64_t>(shape.experts));
    if (static_cast<int>(engine() % 100) < unserved) id = id % 2 == 0 ? -1 : id - 1 + shape.experts;
  }
  return ids;
}

std::vector<CheckResult> check_expert_mapping(std::uint64_t seed) {
  std::vector<CheckResult> results;
  check_mapping({1, 1, 1}, 0, seed + 1, results);
  check_mapping({5, 8, 4}, 70, seed + 2, results);
  check_mapping({200, 8, 256}, 0, seed + 3, results);
  check_mapping({129, 3, 512}, 20, seed + 4, results);
  check_mapping({150, 7, 1}, 10, seed + 5, results);
  check_mapping({4200, 8, 5}, 60, seed + 6, results);
  return results;
}

}  // namespace fleetwright::gpu
