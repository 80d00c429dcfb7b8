#pragma once

#include <cuda_bf16.h>
#include <cuda_fp8.h>

#include <cstdint>
#include <string>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

// Bounds of the relative Frobenius error of a result that is stored in a format.
constexpr double bf16_bound = 5e-3;
constexpr double fp32_bound = 1e-4;

[[nodiscard]] std::vector<double> widen(const std::vector<__nv_bfloat16>& values);
[[nodiscard]] std::vector<double> widen(const std::vector<float>& values);
/// E4M3 codes.
[[nodiscard]] std::vector<double> widen(const std::vector<__nv_fp8_storage_t>& codes);

/// The larger of the relative Frobenius error and a tenth of the worst single error over the root
/// mean square: a single wrong element shows. NaN where the sizes differ or `got` has a NaN.
[[nodiscard]] double relative_error(const std::vector<double>& got,
                                    const std::vector<double>& expected);

[[nodiscard]] CheckResult compare(std::string what, const std::vector<double>& got,
                                  const std::vector<double>& expected, double bound);

/// Normal numbers of this standard deviation; the same seed gives the same numbers.
[[nodiscard]] std::vector<__nv_bfloat16> random_bf16(std::size_t size, std::uint64_t seed,
                                                     double scale = 1.0);
[[nodiscard]] std::vector<float> random_fp32(std::size_t size, std::uint64_t seed,
                                             double scale = 1.0);

}  // namespace fleetwright::gpu
