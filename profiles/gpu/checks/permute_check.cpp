#include "profiles/gpu/checks/permute_check.hpp"

#include <fmt/core.h>

#include <random>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/exact.hpp"
#include "profiles/gpu/checks/expert_mapping_check.hpp"
#include "profiles/gpu/kernels/permute.hpp"
#include "profiles/gpu/reference/permute.hpp"

namespace fleetwright::gpu {
namespace {

using reference::ExpertRows;
using reference::Matrix;

Matrix matrix(std::size_t rows, std::size_t columns, std::vector<double> values) {
  Matrix m(rows, columns);
  m.at = std::move(values);
  return m;
}

/// Tokens with their rows among four experts, on the GPU and here.
struct Routed {
  ExpertRows map;
  TokenRows shape;
  DeviceArray<std::int32_t> rows_of;

  Routed(int tokens, int slots, int columns, int unserved, std::uint64_t seed)
      : map(reference::map_experts(random_choices({tokens, slots, 4}, unserved, seed),
                                   static_cast<std::size_t>(slots), 4)),
        shape{tokens, slots, columns, static_cast<int>(map.sources.size())},
        rows_of(map.rows_of) {}

  [[nodiscard]] std::size_t tokens() const { return static_cast<std::size_t>(shape.tokens); }
  [[nodiscard]] std::size_t slots() const { return static_cast<std::size_t>(shape.slots); }
  [[nodiscard]] std::size_t columns() const { return static_cast<std::size_t>(shape.columns); }
  [[nodiscard]] std::size_t rows() const { return map.sources.size(); }
  [[nodiscard]] std::string name(const char* what) const {
    return fmt::format("{} {} tokens of {}, {} rows", what, shape.tokens, shape.columns,
                       shape.rows);
  }
};

void check_bf16(Routed& r, std::uint64_t seed, std::vector<CheckResult>& results) {
  const auto tokens = random_bf16(r.tokens() * r.columns(), seed);
  const auto outputs = random_bf16(r.rows() * r.columns(), seed + 1);
  const auto weights = random_fp32(r.tokens() * r.slots(), seed + 2);
  const Matrix wide_tokens = matrix(r.tokens(), r.columns(), widen(tokens));
  const Matrix wide_outputs = matrix(r.rows(), r.columns(), widen(outputs));
  const Matrix wide_weights = matrix(r.tokens(), r.slots(), widen(weights));
  Matrix ones = wide_weights;
  ones.at.assign(ones.at.size(), 1.0);

  DeviceArray<__nv_bfloat16> of_token(tokens), of_row(outputs), to_row(outputs.size()),
      to_token(tokens.size());
  DeviceArray<float> device_weights(weights), weight_gradients(weights.size());
  permute(of_token.data(), r.rows_of.data(), r.shape, to_row.data(), nullptr);
  device_synchronize();
  results.push_back(compare_exactly(r.name("permute bf16"), widen(to_row.host()),
                                    reference::permute(wide_tokens, r.map.sources).at));

  unpermute_reduce(of_row.data(), r.rows_of.data(), nullptr, r.shape, to_token.data(), nullptr);
  device_synchronize();
  results.push_back(compare(r.name("unpermute_reduce"), widen(to_token.host()),
                            reference::unpermute(wide_outputs, r.map.rows_of, ones).at,
                            bf16_bound));
  unpermute_reduce(of_row.data(), r.rows_of.data(), device_weights.data(), r.shape, to_token.data(),
                   nullptr);
  device_synchronize();
  results.push_back(compare(r.name("weighted unpermute_reduce"), widen(to_token.host()),
                            reference::unpermute(wide_outputs, r.map.rows_of, wide_weights).at,
                            bf16_bound));

  to_row = DeviceArray<__nv_bfloat16>(outputs.size());
  unpermute_backward(of_token.data(), of_row.data(), r.rows_of.data(), device_weights.data(),
                     r.shape, to_row.data(), weight_gradients.data(), nullptr);
  device_synchronize();
  const reference::UnpermuteGradients expected =
      reference::unpermute_gradient(wide_tokens, wide_outputs, r.map.rows_of, wide_weights);
  results.push_back(compare(r.name("unpermute_backward rows"), widen(to_row.host()),
                            expected.rows.at, bf16_bound));
  results.push_back(compare(r.name("unpermute_backward weights"), widen(weight_gradients.host()),
                            expected.weights.at, fp32_bound));
}

// [groups][pitch], as scale_layout.hpp says, from one for each row and group.
std::vector<double> laid_out(const Matrix& scales) {
  const auto pitch = static_cast<std::size_t>(scale_pitch(static_cast<int>(scales.rows)));
  std::vector<double> result(scales.columns * pitch);
  for (std::size_t r = 0; r < scales.rows; ++r) {
    for (std::size_t g = 0; g < scales.columns; ++g) result[g * pitch + r] = scales(r, g);
  }
  return result;
}

void check_fp8(Routed& r, std::uint64_t seed, std::vector<CheckResult>& results) {
  std::mt19937_64 engine(seed);
  std::vector<__nv_fp8_storage_t> codes(r.tokens() * r.columns());
  for (auto& c : codes) c = static_cast<__nv_fp8_storage_t>(engine() % 127);  // 127 is NaN
  const auto groups = static_cast<std::size_t>(scale_groups(r.shape.columns));
  const Matrix scales = matrix(r.tokens(), groups, widen(random_fp32(r.tokens() * groups, seed)));
  const std::vector<double> wide = laid_out(scales);

  DeviceArray<__nv_fp8_storage_t> from(codes), to(r.rows() * r.columns());
  DeviceArray<float> from_scales(std::vector<float>(wide.begin(), wide.end())),
      to_scales(static_cast<std::size_t>(scales_1x128(r.shape.rows, r.shape.columns)));
  const std::vector<double> expected =
      reference::permute(matrix(r.tokens(), r.columns(), widen(codes)), r.map.sources).at;
  permute(from.data(), from_scales.data(), r.rows_of.data(), r.shape, to.data(), to_scales.data(),
          nullptr);
  device_synchronize();
  results.push_back(compare_exactly(r.name("permute scaled fp8"), widen(to.host()), expected));
  results.push_back(compare_exactly(r.name("permute scales"), widen(to_scales.host()),
                                    laid_out(reference::permute(scales, r.map.sources))));

  to = DeviceArray<__nv_fp8_storage_t>(r.rows() * r.columns());
  permute(from.data(), nullptr, r.rows_of.data(), r.shape, to.data(), nullptr, nullptr);
  device_synchronize();
  results.push_back(compare_exactly(r.name("permute fp8"), widen(to.host()), expected));
}

}  // namespace

std::vector<CheckResult> check_permute(std::uint64_t seed) {
  std::vector<CheckResult> results;
  const struct {
    int tokens, slots, columns, unserved;
  } shapes[] = {{1, 1, 16, 0},   {1, 8, 7168, 0},  {7, 8, 576, 80},  {30, 3, 512, 50},
                {5, 32, 144, 0}, {3, 8, 2064, 75}, {2, 4, 2048, 25}, {3, 2, 1536, 10}};
  for (const auto& s : shapes) {
    Routed routed(s.tokens, s.slots, s.columns, s.unserved, seed += 10);
    if (routed.rows() == 0) continue;
    check_bf16(routed, seed + 1, results);
    check_fp8(routed, seed + 4, results);
  }
  return results;
}

}  // namespace fleetwright::gpu
