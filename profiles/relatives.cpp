#include "profiles/relatives.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fleetwright {

namespace {

const std::string& chip_of(const Accelerator& a) {
  return a.same_chip_as.empty() ? a.id : a.same_chip_as;
}

// Flop for each byte of memory traffic, on a logarithmic scale: what decides which of the two
// bounds a kernel, and so whether its efficiency says anything about another part.
double balance(const Accelerator& a) {
  const auto bf16 = a.peak_of(Precision::bf16), fp16 = a.peak_of(Precision::fp16);
  const double rate = bf16 ? bf16->value.si() : fp16 ? fp16->value.si() : 1;
  return std::log(rate / a.memory_bandwidth.value.si());
}

}  // namespace

bool same_chip(const Accelerator& a, const Accelerator& b) { return chip_of(a) == chip_of(b); }

std::vector<const Accelerator*> relatives_of(
    const Accelerator& accelerator, const std::map<std::string, Accelerator>& accelerators) {
  std::vector<const Accelerator*> relatives;
  for (const auto& [id, other] : accelerators) relatives.push_back(&other);
  const auto kinship = [&](const Accelerator* other) {
    if (other->id == accelerator.id) return 0;
    if (same_chip(*other, accelerator)) return 1;
    return other->architecture == accelerator.architecture ? 2 : 3;
  };
  std::ranges::stable_sort(relatives, {}, [&](const Accelerator* other) {
    return std::pair(kinship(other), std::abs(balance(*other) - balance(accelerator)));
  });
  return relatives;
}

}  // namespace fleetwright
