#include "profiles/relatives.hpp"

#include <algorithm>

namespace fleetwright {

namespace {

const std::string& chip_of(const Accelerator& a) {
  return a.same_chip_as.empty() ? a.id : a.same_chip_as;
}

}  // namespace

bool same_chip(const Accelerator& a, const Accelerator& b) { return chip_of(a) == chip_of(b); }

std::vector<const Accelerator*> relatives_of(
    const Accelerator& accelerator, const std::map<std::string, Accelerator>& accelerators) {
  std::vector<const Accelerator*> relatives;
  for (const auto& [id, other] : accelerators) relatives.push_back(&other);
  std::ranges::stable_sort(relatives, {}, [&](const Accelerator* other) {
    if (other->id == accelerator.id) return 0;
    if (same_chip(*other, accelerator)) return 1;
    return other->architecture == accelerator.architecture ? 2 : 3;
  });
  return relatives;
}

}  // namespace fleetwright
