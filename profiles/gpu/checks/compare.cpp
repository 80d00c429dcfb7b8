#include "profiles/gpu/checks/compare.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "profiles/gpu/reference/number_formats.hpp"

namespace fleetwright::gpu {

std::vector<double> widen(const std::vector<__nv_bfloat16>& values) {
  std::vector<double> wide;
  wide.reserve(values.size());
  for (const __nv_bfloat16 v : values) wide.push_back(static_cast<double>(__bfloat162float(v)));
  return wide;
}

std::vector<double> widen(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

std::vector<double> widen(const std::vector<__nv_fp8_storage_t>& codes) {
  std::vector<double> wide;
  wide.reserve(codes.size());
  for (const __nv_fp8_storage_t c : codes) wide.push_back(reference::decode_e4m3(c));
  return wide;
}

double relative_error(const std::vector<double>& got, const std::vector<double>& expected) {
  if (got.size() != expected.size()) return std::numeric_limits<double>::quiet_NaN();
  double difference = 0, magnitude = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double d = got[i] - expected[i];
    if (std::isnan(d)) return std::numeric_limits<double>::quiet_NaN();
    difference += d * d;
    magnitude += expected[i] * expected[i];
  }
  if (magnitude == 0) return std::sqrt(difference);
  const double frobenius = std::sqrt(difference / magnitude);
  double single = 0;
  const double mean_square = magnitude / static_cast<double>(got.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double d = got[i] - expected[i];
    // A rounding error grows with its value: each is measured against the larger of both.
    single = std::max(single, d * d / std::max(mean_square, expected[i] * expected[i]));
  }
  return std::max(frobenius, 0.1 * std::sqrt(single));
}

CheckResult compare(std::string what, const std::vector<double>& got,
                    const std::vector<double>& expected, double bound) {
  return {std::move(what), relative_error(got, expected), bound};
}

std::vector<float> random_fp32(std::size_t size, std::uint64_t seed, double scale) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal(0.0, scale);
  std::vector<float> values(size);
  for (float& v : values) v = static_cast<float>(normal(engine));
  return values;
}

std::vector<__nv_bfloat16> random_bf16(std::size_t size, std::uint64_t seed, double scale) {
  std::vector<__nv_bfloat16> values;
  values.reserve(size);
  for (const float v : random_fp32(size, seed, scale)) values.push_back(__float2bfloat16_rn(v));
  return values;
}

}  // namespace fleetwright::gpu
