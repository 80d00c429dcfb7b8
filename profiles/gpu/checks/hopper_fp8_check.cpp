#include "profiles/gpu/checks/hopper_fp8_check.hpp"

#include <fmt/format.h>

#include <limits>
#include <numeric>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/product_operands.hpp"
#include "profiles/gpu/kernels/hopper/fp8_gemm.hpp"
#include "profiles/gpu/reference/matmul.hpp"

namespace fleetwright::gpu {
namespace {

using hopper::Fp8Plan;
using hopper::Fp8Problem;
using hopper::Grouping;
using reference::Matrix;

constexpr double untouched = std::numeric_limits<double>::quiet_NaN();

Matrix part(const Matrix& x, std::size_t row, std::size_t rows, std::size_t column,
            std::size_t columns) {
  Matrix y(rows, columns);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) y(r, c) = x(row + r, column + c);
  }
  return y;
}

/// Operands, and what is expected: `untouched` where nothing may be written.
struct Trial {
  Operand a, b;
  std::vector<float> before;
  std::vector<double> expected;
};

std::size_t size_of(const Fp8Trial& t, std::size_t group) {
  return static_cast<std::size_t>(t.sizes.empty() ? t.problem.m : t.sizes[group]);
}

Trial forward_trial(const Fp8Trial& t, std::uint64_t seed) {
  const Fp8Problem& p = t.problem;
  Trial x;
  x.a = random_operand(p.rows(), p.k, Precision::fp8_block, Scaling::rows, true, seed);
  x.expected.assign(static_cast<std::size_t>(p.results()), untouched);
  const auto k = static_cast<std::size_t>(p.k), n = static_cast<std::size_t>(p.n);
  std::size_t row = 0;
  for (std::size_t g = 0; g < static_cast<std::size_t>(p.groups); ++g) {
    const Operand b =
        random_operand(p.n, p.k, Precision::fp8_block, Scaling::blocks, true, seed + 2 * g + 2);
    x.b.memory.insert(x.b.memory.end(), b.memory.begin(), b.memory.end());
    x.b.scales.insert(x.b.scales.end(), b.scales.begin(), b.scales.end());
    if (p.grouping == Grouping::masked) row = g * static_cast<std::size_t>(p.m);
    const Matrix product =
        reference::multiply_transposed(part(x.a.values, row, size_of(t, g), 0, k), b.values);
    std::copy(product.at.begin(), product.at.end(),
              x.expected.begin() + static_cast<std::ptrdiff_t>(row * n));
    row += size_of(t, g);
  }
  return x;
}

Trial gradient_trial(const Fp8Trial& t, std::uint64_t seed) {
  const Fp8Problem& p = t.problem;
  Trial x;
  x.a = random_operand(p.m, p.k, Precision::fp8_block, Scaling::rows, true, seed);
  x.b = random_operand(p.n, p.k, Precision::fp8_block, Scaling::rows, true, seed + 2);
  std::size_t first = 0;
  for (std::size_t g = 0; g < static_cast<std::size_t>(p.groups); ++g) {
    const std::size_t k = t.sizes.empty() ? static_cast<std::size_t>(p.k) : size_of(t, g);
    const Matrix product =
        reference::multiply_transposed(part(x.a.values, 0, x.a.values.rows, first, k),
                                       part(x.b.values, 0, x.b.values.rows, first, k));
    x.expected.insert(x.expected.end(), product.at.begin(), product.at.end());
    first += k;
  }
  x.before = add_random_sums(x.expected, seed + 4);
  return x;
}

std::string name_of(const Fp8Trial& t) {
  const Fp8Problem& p = t.problem;
  const char* const kinds[] = {"whole", "contiguous", "masked", "along k"};
  std::string text =
      fmt::format("hopper fp8 {} {} {}x{}x{}, tile {}x{} x {}, {} stages, band {}, {} blocks",
                  p.pass == GemmPass::forward ? "forward" : "weight gradient",
                  kinds[static_cast<std::size_t>(p.grouping)], p.m, p.n, p.k, t.plan.tile_m,
                  t.plan.tile_n, t.plan.cluster, t.plan.stages, t.plan.band, t.plan.blocks);
  if (!t.sizes.empty()) text += fmt::format(", groups {}", fmt::join(t.sizes, " "));
  return text;
}

// Compares where something is expected, and counts what was written elsewhere.
std::vector<CheckResult> compare_written(const std::string& what, const std::vector<double>& got,
                                         const std::vector<double>& expected, double bound) {
  std::vector<double> written, should;
  double stray = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] == expected[i]) {
      written.push_back(got[i]);
      should.push_back(expected[i]);
    } else if (got[i] == got[i]) {
      ++stray;
    }
  }
  std::vector<CheckResult> results{compare(what, written, should, bound)};
  if (should.size() < expected.size()) results.push_back({what + " elsewhere", stray, 0});
  return results;
}

}  // namespace

std::vector<CheckResult> check_fp8_product(const Fp8Trial& t, std::uint64_t seed) {
  const bool forward = t.problem.pass == GemmPass::forward;
  const Trial x = forward ? forward_trial(t, seed) : gradient_trial(t, seed);
  const DeviceArray<std::byte> a(x.a.memory), b(x.b.memory);
  const DeviceArray<float> a_scales(x.a.scales), b_scales(x.b.scales);
  const DeviceArray<std::int32_t> sizes(t.sizes);
  DeviceArray<float> sums(x.before);
  DeviceArray<__nv_bfloat16> written(forward ? x.expected.size() : 0);
  if (forward) device_fill(written.data(), 0xff, written.bytes());
  device_synchronize();
  const hopper::Fp8Gemm product(
      t.problem, t.plan,
      {reinterpret_cast<const __nv_fp8_storage_t*>(a.data()),
       reinterpret_cast<const __nv_fp8_storage_t*>(b.data()), a_scales.data(), b_scales.data(),
       forward ? static_cast<void*>(written.data()) : sums.data()},
      t.sizes.empty() ? nullptr : sizes.data());
  product.run(nullptr);
  device_synchronize();
  return compare_written(name_of(t), forward ? widen(written.host()) : widen(sums.host()),
                         x.expected, forward ? fp8_bf16_bound : fp8_fp32_bound);
}

std::vector<CheckResult> check_hopper_fp8(std::uint64_t seed) {
  const int blocks = multiprocessors() / 2 * 2;
  std::vector<CheckResult> results;
  const auto add = [&](const Fp8Trial& trial) {
    for (CheckResult& r : check_fp8_product(trial, ++seed)) results.push_back(std::move(r));
  };
  const auto forward = GemmPass::forward, gradient = GemmPass::weight_gradient;
  for (const hopper::Fp8Tile& tile : hopper::fp8_tiles) {
    for (const int cluster : {1, 2}) {
      // Four tiles, edges within a tile, a block of scales and a chunk of k; rings of three wrap.
      Fp8Problem p{
          tile.forward ? forward : gradient, Grouping::whole, 1, tile.m + 72, tile.n + 72, 400};
      add({p, {tile.m, tile.n, cluster, 3, 2, blocks}, {}});
    }
  }
  for (const int cluster : {1, 2}) {
    const std::vector<std::int32_t> sizes{65, 0, 130, 1, 0, 128, 0};
    add({{forward, Grouping::contiguous, 7, 324, 200, 272},
         {64, 128, cluster, 4, 1, blocks},
         sizes});
    add({{forward, Grouping::contiguous, 7, 324, 200, 272},
         {128, 112, cluster, 4, 8, blocks},
         sizes});
    add({{forward, Grouping::masked, 4, 136, 264, 144},
         {64, 128, cluster, 2, 1, blocks},
         {3, 0, 136, 70}});
    add({{gradient, Grouping::along_k, 5, 136, 136, 640},
         {64, 128, cluster, 3, 1, blocks},
         {128, 0, 384, 128, 0}});
    add({{gradient, Grouping::along_k, 2, 200, 136, 512},
         {128, 96, cluster, 4, 1, blocks},
         {0, 512}});
  }
  return results;
}

}  // namespace fleetwright::gpu
