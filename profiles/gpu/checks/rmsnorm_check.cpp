#include "profiles/gpu/checks/rmsnorm_check.hpp"

#include "profiles/gpu/checks/random_tensor.hpp"
#include "profiles/gpu/kernels/rmsnorm.hpp"
#include "profiles/gpu/reference/number_formats.hpp"
#include "profiles/gpu/reference/rmsnorm.hpp"
#include "profiles/gpu/reference/streaming.hpp"

namespace fleetwright::gpu {
namespace {

using reference::Matrix;

struct Shape {
  std::size_t rows;
  std::size_t columns;
};

std::vector<Shape> shapes() {
  // More rows than the blocks of the gradient hold at once: 2 blocks a multiprocessor, 7 teams of
  // 576 columns, 1 of 7,168.
  const std::size_t blocks = 2 * static_cast<std::size_t>(multiprocessors());
  return {{1, 64},
          {3, 128},
          {17, 80},
          {37, 512},
          {7 * blocks + 5, 576},
          {5, 1536},
          {1, 2048},
          {3, 2064},
          {2 * blocks + 1, 7168},
          {1, 7184},
          {2, 14336},
          {1, 14352},
          {2, 18432}};
}

// Some rows so small that epsilon matters to them.
double spread_of(const Shape& s) { return s.rows == 1 ? 1e-3 : 2.0; }

void check_forward(std::vector<CheckResult>& results, Shape s, bool with_residual,
                   std::uint64_t seed) {
  const RandomTensor x(s.rows, s.columns, seed, spread_of(s)), gain(1, s.columns, seed + 1);
  const RandomTensor residual(s.rows, s.columns, seed + 2);
  DeviceArray<__nv_bfloat16> y(s.rows * s.columns), sum(with_residual ? y.size() : 0);
  DeviceArray<float> inverse_rms(s.rows);
  RmsnormForward call;
  call.x = x.device.data();
  if (with_residual) {
    call.residual = residual.device.data();
    call.sum = sum.data();
  }
  call.gain = gain.device.data();
  call.y = y.data();
  call.inverse_rms = inverse_rms.data();
  call.rows = s.rows;
  call.columns = static_cast<int>(s.columns);
  rmsnorm_forward(call, nullptr);
  device_synchronize();

  Matrix normalized = x.host;
  const char* const kernel = with_residual ? "rmsnorm_forward with residual" : "rmsnorm_forward";
  if (with_residual) {
    normalized = add(x.host, residual.host);
    for (double& v : normalized.at) v = reference::round_bf16(reference::round_fp32(v));
    results.push_back(
        compare(named(kernel, s.rows, s.columns, "sum"), widen(sum.host()), normalized.at, 0));
  }
  const reference::Normalized expected =
      reference::rmsnorm(normalized, gain.host.at, static_cast<double>(call.epsilon));
  results.push_back(
      compare(named(kernel, s.rows, s.columns, "y"), widen(y.host()), expected.y.at, bf16_bound));
  results.push_back(compare(named(kernel, s.rows, s.columns, "inverse rms"),
                            widen(inverse_rms.host()), expected.inverse_rms, fp32_bound));
}

void check_backward(std::vector<CheckResult>& results, Shape s, bool with_residual,
                    std::uint64_t seed) {
  const RandomTensor dy(s.rows, s.columns, seed), x(s.rows, s.columns, seed + 1, spread_of(s));
  const RandomTensor gain(1, s.columns, seed + 2), residual(s.rows, s.columns, seed + 3);
  const std::vector<double> inverse = reference::rmsnorm(x.host, gain.host.at, 1e-6).inverse_rms;
  const DeviceArray<float> inverse_rms(std::vector<float>(inverse.begin(), inverse.end()));
  DeviceArray<__nv_bfloat16> dx(s.rows * s.columns);
  DeviceArray<float> gain_gradient(s.columns);
  const int columns = static_cast<int>(s.columns);
  DeviceArray<float> partial_sums(rmsnorm_partial_sums(s.rows, columns));
  RmsnormBackward call;
  call.y_gradient = dy.device.data();
  call.x = x.device.data();
  call.inverse_rms = inverse_rms.data();
  call.gain = gain.device.data();
  if (with_residual) call.residual_gradient = residual.device.data();
  call.x_gradient = dx.data();
  call.gain_gradient = gain_gradient.data();
  call.partial_sums = partial_sums.data();
  call.rows = s.rows;
  call.columns = columns;
  rmsnorm_backward(call, nullptr);
  device_synchronize();

  const char* const kernel = with_residual ? "rmsnorm_backward with residual" : "rmsnorm_backward";
  reference::RmsnormGradients expected =
      reference::rmsnorm_gradients(dy.host, x.host, inverse, gain.host.at);
  if (with_residual) expected.x = add(expected.x, residual.host);
  results.push_back(compare(named(kernel, s.rows, s.columns, "x gradient"), widen(dx.host()),
                            expected.x.at, bf16_bound));
  results.push_back(compare(named(kernel, s.rows, s.columns, "gain gradient"),
                            widen(gain_gradient.host()), expected.gain, fp32_bound));
}

}  // namespace

std::vector<CheckResult> check_rmsnorm(std::uint64_t seed) {
  std::vector<CheckResult> results;
  for (const Shape& s : shapes()) {
    for (const bool with_residual : {false, true}) {
      check_forward(results, s, with_residual, seed += 10);
      check_backward(results, s, with_residual, seed += 10);
    }
  }
  return results;
}

}  // namespace fleetwright::gpu
