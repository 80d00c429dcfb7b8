#include "profiles/gpu/checks/streaming_check.hpp"

#include "profiles/gpu/checks/random_tensor.hpp"
#include "profiles/gpu/kernels/streaming.hpp"
#include "profiles/gpu/reference/number_formats.hpp"
#include "profiles/gpu/reference/streaming.hpp"

namespace fleetwright::gpu {
namespace {

void check_copy(std::vector<CheckResult>& results, std::size_t size, std::uint64_t seed) {
  const RandomTensor from(1, size, seed);
  DeviceArray<__nv_bfloat16> to(size);
  copy(from.device.data(), to.data(), size, nullptr);
  device_synchronize();
  results.push_back(compare(named("copy", 1, size, "to"), widen(to.host()), from.host.at, 0));
}

void check_residual_add(std::vector<CheckResult>& results, std::size_t size, std::uint64_t seed) {
  RandomTensor a(1, size, seed), b(1, size, seed + 1);
  reference::Matrix expected = reference::add(a.host, b.host);
  for (double& v : expected.at) v = reference::round_bf16(reference::round_fp32(v));
  DeviceArray<__nv_bfloat16> sum(size);
  residual_add(a.device.data(), b.device.data(), sum.data(), size, nullptr);
  residual_add(a.device.data(), b.device.data(), a.device.data(), size, nullptr);
  device_synchronize();
  results.push_back(
      compare(named("residual_add", 1, size, "sum"), widen(sum.host()), expected.at, 0));
  results.push_back(compare(named("residual_add", 1, size, "sum in place"), widen(a.device.host()),
                            expected.at, 0));
}

void check_broadcast(std::vector<CheckResult>& results, std::size_t rows, int heads,
                     std::uint64_t seed) {
  const RandomTensor key(rows, shared_key_width, seed);
  const reference::Matrix expected =
      reference::repeat_for_heads(key.host, static_cast<std::size_t>(heads));
  DeviceArray<__nv_bfloat16> keys(expected.at.size());
  broadcast_key(key.device.data(), keys.data(), rows, heads, nullptr);
  device_synchronize();
  results.push_back(compare(named("broadcast_rope_key", rows, expected.columns, "keys"),
                            widen(keys.host()), expected.at, 0));
}

}  // namespace

std::vector<CheckResult> check_streaming(std::uint64_t seed) {
  std::vector<CheckResult> results;
  // A pack, less and more than a block's tile (8,192 of the copy, 4,096 of the sum), many tiles.
  for (const std::size_t size : {std::size_t{8}, std::size_t{4088}, std::size_t{4104},
                                 std::size_t{8192}, std::size_t{37 * 576}, std::size_t{7 * 7168}}) {
    check_copy(results, size, seed += 10);
    check_residual_add(results, size, seed += 10);
  }
  for (const int heads : {1, 3, 16, 32, 45, 128}) {
    for (const std::size_t rows : {std::size_t{1}, std::size_t{7}}) {
      check_broadcast(results, rows, heads, seed += 10);
    }
  }
  return results;
}

}  // namespace fleetwright::gpu
