#include "profiles/gpu/checks/adamw_check.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/exact.hpp"
#include "profiles/gpu/kernels/adamw.hpp"
#include "profiles/gpu/reference/adamw.hpp"
#include "profiles/gpu/reference/number_formats.hpp"

namespace fleetwright::gpu {
namespace {

using reference::AdamWState;

std::vector<float> to_moments(const std::vector<float>& values, float) { return values; }
std::vector<__nv_bfloat16> to_moments(const std::vector<float>& values, __nv_bfloat16) {
  std::vector<__nv_bfloat16> rounded;
  for (const float v : values) rounded.push_back(__float2bfloat16_rn(v));
  return rounded;
}

CheckResult moments(std::string what, const std::vector<float>& got,
                    const std::vector<double>& expected, const std::vector<double>&) {
  return compare(std::move(what), widen(got), expected, fp32_bound);
}

// Rounded to the nearest: within half a unit of the exact value's last place, apart from the error
// of FP32 arithmetic on terms of these magnitudes.
CheckResult moments(std::string what, const std::vector<__nv_bfloat16>& got,
                    const std::vector<double>& expected, const std::vector<double>& magnitudes) {
  double worst = got.size() == expected.size() ? 0 : std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
    const double half_unit = std::ldexp(1.0, std::ilogb(expected[i]) - 8);
    const double error = std::abs(static_cast<double>(__bfloat162float(got[i])) - expected[i]);
    const double in_units = (error - 0x1p-22 * magnitudes[i]) / half_unit;
    if (!(in_units <= worst)) worst = in_units;  // NaN too
  }
  return {std::move(what), worst, 1.0};
}

template <typename Moment>
void check_step(const AdamW& settings, std::size_t size, std::uint64_t seed,
                std::vector<CheckResult>& results) {
  const std::vector<float> gradients = random_fp32(size, seed);
  const std::vector<float> masters = random_fp32(size, seed + 1);
  const auto first = to_moments(random_fp32(size, seed + 2), Moment{});
  std::vector<float> squares = random_fp32(size, seed + 3);
  for (float& v : squares) v *= v;
  const auto second = to_moments(squares, Moment{});

  DeviceArray<float> device_gradients(gradients), device_masters(masters);
  DeviceArray<Moment> device_first(first), device_second(second);
  DeviceArray<__nv_bfloat16> weights(size);
  adamw(settings, device_gradients.data(), device_masters.data(), device_first.data(),
        device_second.data(), weights.data(), size, nullptr);
  device_synchronize();

  const AdamWState before{widen(masters), widen(first), widen(second)};
  const AdamWState after = reference::adamw(settings, widen(gradients), before);
  const std::vector<double> updated = widen(device_masters.host());
  std::vector<double> step(size), expected_step(size), rounded(size), of_first(size),
      of_second(size);
  for (std::size_t i = 0; i < size; ++i) {
    step[i] = updated[i] - before.weights[i];
    expected_step[i] = after.weights[i] - before.weights[i];
    rounded[i] = reference::round_bf16(updated[i]);
    const double g = settings.gradient_scale * static_cast<double>(gradients[i]);
    of_first[i] = std::abs(before.first[i]) + std::abs(g);
    of_second[i] = before.second[i] + g * g;
  }
  const std::string name =
      fmt::format("adamw {} parameters, {}-byte moments, ", size, sizeof(Moment));
  results.push_back(compare(name + "step", step, expected_step, fp32_bound));
  results.push_back(compare_exactly(name + "weights", widen(weights.host()), rounded));
  results.push_back(moments(name + "first", device_first.host(), after.first, of_first));
  results.push_back(moments(name + "second", device_second.host(), after.second, of_second));
}

}  // namespace

std::vector<CheckResult> check_adamw(std::uint64_t seed) {
  AdamW early, late;
  early.rate = late.rate = 0.1;
  late.step = 1000;
  late.gradient_scale = 0.25;
  late.epsilon = 0.01;
  std::vector<CheckResult> results;
  for (const std::size_t size : {1U, 4U, 1030U, 2048U, 6143U}) {
    check_step<__nv_bfloat16>(early, size, seed += 4, results);
    check_step<__nv_bfloat16>(late, size, seed += 4, results);
    check_step<float>(size % 2 == 0 ? early : late, size, seed += 4, results);
  }
  return results;
}

}  // namespace fleetwright::gpu
