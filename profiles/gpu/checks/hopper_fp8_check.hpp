#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/kernels/hopper/fp8_plan.hpp"
#include "profiles/gpu/kernels/hopper/fp8_problem.hpp"

namespace fleetwright::gpu {

/// A product to check: random operands; `sizes` of the groups, none for a whole one.
struct Fp8Trial {
  hopper::Fp8Problem problem;
  hopper::Fp8Plan plan;
  std::vector<std::int32_t> sizes;
};

/// What must be written against the product in double precision, and how much was written that must
/// not be.
[[nodiscard]] std::vector<CheckResult> check_fp8_product(const Fp8Trial& trial, std::uint64_t seed);

/// FP8 products of ours: every tile with and without clusters, ragged edges, more tiles than
/// blocks, rings that wrap; groups of any size, empty ones too.
[[nodiscard]] std::vector<CheckResult> check_hopper_fp8(std::uint64_t seed);

}  // namespace fleetwright::gpu
