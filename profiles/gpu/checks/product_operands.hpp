#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/precision.hpp"
#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu {

// Tensor cores of Hopper keep 14 bits of FP8 sums (DeepSeek-V3, arXiv 2412.19437, section 3.5.2).
constexpr double fp8_bf16_bound = 1e-2;
constexpr double fp8_fp32_bound = 1e-3;

/// What the elements of an operand are scaled by.
enum class Scaling { none, whole, rows, blocks };

/// An operand [outer, k]: what it is worth, and as the library reads it.
struct Operand {
  reference::Matrix values;
  std::vector<std::byte> memory;
  std::vector<float> scales;
};

[[nodiscard]] inline bool is_fp8(Precision p) { return bytes_per_element(p) == 1; }

/// Normal numbers, and scales over two orders of magnitude so that no two may be exchanged. In
/// memory [outer, k] or, not `rows_of_k`, [k, outer].
[[nodiscard]] Operand random_operand(std::int64_t outer, std::int64_t k, Precision precision,
                                     Scaling scaling, bool rows_of_k, std::uint64_t seed);

/// What a weight gradient is added to: random numbers as large as `products`, which become the
/// sums.
[[nodiscard]] std::vector<float> add_random_sums(std::vector<double>& products, std::uint64_t seed);

}  // namespace fleetwright::gpu
