#include "profiles/gpu/checks/score_softmax_check.hpp"

#include <limits>

#include "profiles/gpu/checks/random_tensor.hpp"
#include "profiles/gpu/kernels/score_softmax.hpp"
#include "profiles/gpu/reference/score_softmax.hpp"

namespace fleetwright::gpu {
namespace {

using reference::Matrix;

std::vector<__nv_bfloat16> rounded(const std::vector<double>& values) {
  std::vector<__nv_bfloat16> narrow;
  for (const double v : values) narrow.push_back(__float2bfloat16_rn(static_cast<float>(v)));
  return narrow;
}

// What a query must not see is no number, so that a kernel that uses it shows.
std::vector<__nv_bfloat16> hidden_poisoned(const Matrix& values, const Matrix& probabilities) {
  std::vector<double> poisoned = values.at;
  for (std::size_t i = 0; i < poisoned.size(); ++i) {
    if (probabilities.at[i] == 0) poisoned[i] = std::numeric_limits<double>::quiet_NaN();
  }
  return rounded(poisoned);
}

void check_softmax(std::vector<CheckResult>& results, const ScoreShape& shape, std::uint64_t seed) {
  const auto keys = static_cast<std::size_t>(shape.keys);
  const RandomTensor scores(shape.rows, keys, seed, 20.0), gradient(shape.rows, keys, seed + 1);
  const reference::ScoreMask mask{shape.queries, shape.causal};
  const auto scale = static_cast<double>(shape.scale);
  const Matrix expected = reference::score_softmax(scores.host, mask, scale);
  const DeviceArray<__nv_bfloat16> seen_scores(hidden_poisoned(scores.host, expected));
  DeviceArray<__nv_bfloat16> p(shape.rows * keys);
  score_softmax(seen_scores.data(), p.data(), shape, nullptr);

  // The gradient of the probabilities as they are kept, and in place.
  DeviceArray<__nv_bfloat16> in_place(hidden_poisoned(gradient.host, expected));
  Matrix kept(shape.rows, keys);
  kept.at = widen(p.host());
  score_softmax_backward(p.data(), in_place.data(), in_place.data(), shape, nullptr);
  device_synchronize();
  const char* const kind = shape.causal ? "causal softmax" : "softmax";
  results.push_back(
      compare(named(kind, shape.rows, keys, "probabilities"), kept.at, expected.at, bf16_bound));
  results.push_back(compare(named(kind, shape.rows, keys, "score gradient"), widen(in_place.host()),
                            reference::score_softmax_gradient(kept, gradient.host, scale).at,
                            bf16_bound));
}

std::vector<double> as_numbers(const std::vector<std::uint8_t>& bytes) {
  return {bytes.begin(), bytes.end()};
}

void check_dropout(std::vector<CheckResult>& results, std::size_t size, double rate,
                   std::uint64_t seed) {
  const RandomTensor x(1, size, seed);
  DeviceArray<__nv_bfloat16> y(size), back(size);
  DeviceArray<std::uint8_t> kept(size);
  const std::uint64_t key = seed * 0x9e3779b97f4a7c15;  // both words of the key in use
  dropout(x.device.data(), y.data(), kept.data(), size, rate, key, nullptr);
  dropout_backward(x.device.data(), kept.data(), back.data(), size, rate, nullptr);
  device_synchronize();
  const std::vector<std::uint8_t> keeps = reference::dropout_keeps(size, rate, key);
  const std::vector<double> dropped = reference::drop(x.host.at, keeps, rate);
  results.push_back(
      compare(named("dropout", 1, size, "kept"), as_numbers(kept.host()), as_numbers(keeps), 0));
  results.push_back(compare(named("dropout", 1, size, "y"), widen(y.host()), dropped, bf16_bound));
  results.push_back(
      compare(named("dropout", 1, size, "x gradient"), widen(back.host()), dropped, bf16_bound));
}

}  // namespace

std::vector<CheckResult> check_score_softmax(std::uint64_t seed) {
  // Rows, queries, keys, scale; teams from 8 threads to 512; a scale that overflows unless the
  // largest score is subtracted.
  const ScoreShape shapes[] = {
      {1, 1, 8, 0.1F, true},     {37, 8, 8, 0.2F, true},    {26, 13, 64, 5.0F, true},
      {66, 33, 576, 0.1F, true}, {5, 5, 1544, 0.2F, false}, {4, 2, 2048, 0.1F, true},
      {3, 3, 4096, 0.05F, true}, {2, 2, 7168, 0.1F, false}, {3, 1500, 16384, 0.1F, true}};
  std::vector<CheckResult> results;
  for (const ScoreShape& shape : shapes) check_softmax(results, shape, seed += 10);
  for (const std::size_t size : {std::size_t{8}, std::size_t{5000}, std::size_t{3 * 4096}}) {
    for (const double rate : {0.0, 0.1, 0.75}) check_dropout(results, size, rate, seed += 10);
  }
  return results;
}

}  // namespace fleetwright::gpu
