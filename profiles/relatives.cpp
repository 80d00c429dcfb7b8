#include "profiles/relatives.hpp"

#include <algorithm>

namespace fleetwright {

std::vector<const Accelerator*> relatives_of(
    const Accelerator& accelerator, const std::map<std::string, Accelerator>& accelerators) {
  std::vector<const Accelerator*> relatives;
  for (const auto& [id, other] : accelerators) relatives.push_back(&other);
  std::ranges::stable_sort(relatives, {}, [&](const Accelerator* other) {
    if (other->id == accelerator.id) return 0;
    return other->architecture == accelerator.architecture ? 1 : 2;
  });
  return relatives;
}

}  // namespace fleetwright
