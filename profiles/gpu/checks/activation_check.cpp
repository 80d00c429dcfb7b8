#include "profiles/gpu/checks/activation_check.hpp"

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/exact.hpp"
#include "profiles/gpu/checks/quantized.hpp"
#include "profiles/gpu/kernels/activation.hpp"
#include "profiles/gpu/reference/activation.hpp"
#include "profiles/gpu/reference/number_formats.hpp"

namespace fleetwright::gpu {
namespace {

// Of the forward value in FP32 with the GPU's fast exponential, whose argument reaches 50.
constexpr double tolerance = 3e-5;

reference::Matrix matrix_of(const std::vector<__nv_bfloat16>& values, int rows, int columns) {
  reference::Matrix m(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
  m.at = widen(values);
  return m;
}

DeviceArray<__nv_bfloat16> poisoned(std::size_t size) {
  DeviceArray<__nv_bfloat16> array(size);
  device_fill(array.data(), 0xff, array.bytes());
  return array;
}

void check_forward(std::vector<CheckResult>& results, const std::string& name,
                   Activation activation, const DeviceArray<__nv_bfloat16>& x,
                   const reference::Matrix& expected) {
  const int rows = static_cast<int>(expected.rows), columns = static_cast<int>(expected.columns);
  DeviceArray<__nv_bfloat16> y = poisoned(expected.at.size());
  DeviceArray<__nv_fp8_storage_t> codes(expected.at.size());
  DeviceArray<float> scales(static_cast<std::size_t>(scales_1x128(rows, columns)));
  device_fill(codes.data(), 0xff, codes.bytes());
  device_fill(scales.data(), 0xff, scales.bytes());
  activation_forward(activation, x.data(), y.data(), rows, columns, nullptr);
  activation_forward_quantize(activation, x.data(), codes.data(), scales.data(), rows, columns,
                              nullptr);
  device_synchronize();
  results.push_back(compare_rounded(name + " forward", widen(y.host()), expected.at, tolerance,
                                    reference::round_bf16));
  compare_quantized(results, name + " forward quantize",
                    {codes.host(), scales.host(), ScaleBlocks::vectors}, expected, tolerance);
}

void check_backward(std::vector<CheckResult>& results, const std::string& name,
                    Activation activation, const DeviceArray<__nv_bfloat16>& x,
                    const std::vector<__nv_bfloat16>& gradient, const reference::Matrix& y,
                    const reference::Matrix& expected) {
  const int rows = static_cast<int>(y.rows), columns = static_cast<int>(y.columns);
  const DeviceArray<__nv_bfloat16> dy(gradient);
  DeviceArray<__nv_bfloat16> dx = poisoned(x.size()), dx_again = poisoned(x.size());
  DeviceArray<__nv_bfloat16> product = poisoned(y.at.size());
  activation_backward(activation, x.data(), dy.data(), dx.data(), nullptr, rows, columns, nullptr);
  activation_backward(activation, x.data(), dy.data(), dx_again.data(), product.data(), rows,
                      columns, nullptr);
  device_synchronize();
  results.push_back(compare(name + " backward", widen(dx.host()), expected.at, bf16_bound));
  results.push_back(
      compare(name + " backward with product", widen(dx_again.host()), expected.at, bf16_bound));
  results.push_back(compare_rounded(name + " product", widen(product.host()), y.at, tolerance,
                                    reference::round_bf16));
}

void check_swiglu(std::vector<CheckResult>& results, int rows, int columns, std::uint64_t seed) {
  const std::string name = "swiglu " + std::to_string(rows) + "x" + std::to_string(columns);
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  const std::vector<__nv_bfloat16> input = random_bf16(2 * size, seed, 2.0);
  const std::vector<__nv_bfloat16> gradient = random_bf16(size, seed + 1);
  const reference::Matrix x = matrix_of(input, rows, 2 * columns);
  const reference::Matrix y = reference::swiglu_forward(x);
  const DeviceArray<__nv_bfloat16> on_device(input);
  check_forward(results, name, Activation::swiglu, on_device, y);
  check_backward(results, name, Activation::swiglu, on_device, gradient, y,
                 reference::swiglu_backward(x, matrix_of(gradient, rows, columns)));
}

void check_gelu(std::vector<CheckResult>& results, int rows, int columns, std::uint64_t seed) {
  const std::string name = "gelu " + std::to_string(rows) + "x" + std::to_string(columns);
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  const std::vector<__nv_bfloat16> input = random_bf16(size, seed, 2.0);
  const std::vector<__nv_bfloat16> gradient = random_bf16(size, seed + 1);
  const reference::Matrix x = matrix_of(input, rows, columns);
  const reference::Matrix y = reference::gelu_forward(x);
  const DeviceArray<__nv_bfloat16> on_device(input);
  check_forward(results, name, Activation::gelu, on_device, y);
  check_backward(results, name, Activation::gelu, on_device, gradient, y,
                 reference::gelu_backward(x, matrix_of(gradient, rows, columns)));
}

}  // namespace

std::vector<CheckResult> check_activation(std::uint64_t seed) {
  std::vector<CheckResult> results;
  // One pack a lane and two; rows and columns that end in the middle of a tile.
  check_swiglu(results, 1, 16, seed);
  check_swiglu(results, 11, 576, seed + 2);
  check_swiglu(results, 9, 2048, seed + 4);
  check_gelu(results, 1, 16, seed + 6);
  check_gelu(results, 13, 1040, seed + 8);
  check_gelu(results, 9, 512, seed + 10);
  return results;
}

}  // namespace fleetwright::gpu
