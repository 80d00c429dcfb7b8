#include "profiles/gpu/checks/cublaslt_check.hpp"

#include <cuda_fp16.h>
#include <fmt/core.h>

#include <array>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/product_operands.hpp"
#include "profiles/gpu/libraries/cublaslt_grouped.hpp"
#include "profiles/gpu/reference/matmul.hpp"

namespace fleetwright::gpu {
namespace {

using Bytes = std::vector<std::byte>;

/// A product's operands and what it should give.
struct Case {
  MatmulProblem problem;
  Operand a, b;
  std::vector<float> before;  // what d holds, for weight gradients
  std::vector<double> expected;
};

Case random_case(const MatmulProblem& p, std::uint64_t seed) {
  const bool forward = p.pass == GemmPass::forward;
  const bool rows_of_k = forward || is_fp8(p.precision);
  Scaling a_scaling = Scaling::none, b_scaling = Scaling::none;
  if (p.precision == Precision::fp8) a_scaling = b_scaling = Scaling::whole;
  if (p.precision == Precision::fp8_block) {
    a_scaling = Scaling::rows;
    b_scaling = forward ? Scaling::blocks : Scaling::rows;
  }
  Case c;
  c.problem = p;
  c.a = random_operand(p.m, p.k, p.precision, a_scaling, rows_of_k, seed);
  c.b = random_operand(p.n, p.k, p.precision, b_scaling, rows_of_k, seed + 2);
  c.expected = reference::multiply_transposed(c.a.values, c.b.values).at;
  if (!forward) {
    c.before = add_random_sums(c.expected, seed + 4);
  }
  return c;
}

double bound(Precision precision, GemmPass pass) {
  if (pass == GemmPass::weight_gradient) return is_fp8(precision) ? fp8_fp32_bound : fp32_bound;
  return is_fp8(precision) ? fp8_bf16_bound : bf16_bound;
}

std::vector<double> widen_halves(const std::vector<__nv_bfloat16>& bits) {
  std::vector<double> wide;
  for (const __nv_bfloat16 b : bits) {
    wide.push_back(static_cast<double>(__half2float(__ushort_as_half(__bfloat16_as_ushort(b)))));
  }
  return wide;
}

/// Operands on the device.
struct OnDevice {
  explicit OnDevice(const Case& c) : a(c.a.memory), b(c.b.memory) {
    if (!c.a.scales.empty()) a_scales = DeviceArray<float>(c.a.scales);
    if (!c.b.scales.empty()) b_scales = DeviceArray<float>(c.b.scales);
  }
  [[nodiscard]] MatmulOperands operands(void* d) const {
    return {a.data(), b.data(), a_scales.data(), b_scales.data(), d};
  }

  DeviceArray<std::byte> a, b;
  DeviceArray<float> a_scales, b_scales;
};

// Runs f on d and gives d.
template <typename F>
std::vector<double> result_of(const std::vector<float>& before, std::size_t elements,
                              Precision precision, F f) {
  if (!before.empty()) {
    DeviceArray<float> d(before);
    f(d.data());
    device_synchronize();
    return widen(d.host());
  }
  DeviceArray<__nv_bfloat16> d(elements);
  device_fill(d.data(), 0xff, d.bytes());
  device_synchronize();
  f(d.data());
  device_synchronize();
  return precision == Precision::fp16 ? widen_halves(d.host()) : widen(d.host());
}

CheckResult check_one(CublasLtContext& context, const MatmulProblem& p, std::uint64_t seed) {
  const Case c = random_case(p, seed);
  CublasLtMatmul product(context, p);
  const OnDevice x(c);
  const auto got = result_of(c.before, c.expected.size(), p.precision,
                             [&](void* d) { product.run(x.operands(d), nullptr); });
  const bool forward = p.pass == GemmPass::forward;
  return compare(fmt::format("cublaslt {} {}x{}x{} {}", to_string(p.precision), p.m, p.n, p.k,
                             forward ? "forward" : "weight gradient"),
                 got, c.expected, bound(p.precision, p.pass));
}

template <typename T>
void append_all(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// FP8 operands of weight gradients lie side by side: a row holds the columns of all experts.
Bytes side_by_side(const std::vector<Case>& experts, Operand Case::*which) {
  Bytes all;
  for (std::size_t row = 0; row < (experts[0].*which).values.rows; ++row) {
    for (const Case& c : experts) {
      const Bytes& memory = (c.*which).memory;
      const std::size_t width = (c.*which).values.columns;
      const auto begin = memory.begin() + static_cast<std::ptrdiff_t>(row * width);
      all.insert(all.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
    }
  }
  return all;
}

CheckResult check_grouped(CublasLtContext& context, const GroupedGemm& op, std::uint64_t seed) {
  CublasLtGroupedMatmul product(context, op, 0);
  const bool forward = op.pass == GemmPass::forward;
  std::vector<Case> experts;
  Case all;
  for (const std::int64_t rows : product.rows()) {
    MatmulProblem p{static_cast<std::int64_t>(op.m), static_cast<std::int64_t>(op.n),
                    static_cast<std::int64_t>(op.k), op.precision, op.pass};
    (forward ? p.m : p.k) = rows;
    experts.push_back(random_case(p, seed + 16 * experts.size()));
    Case& c = experts.back();
    if (op.precision == Precision::fp8 && experts.size() > 1) {
      // One scale for the whole operand, so the first expert's is everybody's.
      const double ratio = static_cast<double>(experts[0].a.scales[0] * experts[0].b.scales[0]) /
                           static_cast<double>(c.a.scales[0] * c.b.scales[0]);
      for (std::size_t i = 0; i < c.expected.size(); ++i) {
        const double before = c.before.empty() ? 0 : static_cast<double>(c.before[i]);
        c.expected[i] = before + ratio * (c.expected[i] - before);
      }
    }
    append_all(all.a.memory, c.a.memory);
    append_all(all.b.memory, c.b.memory);
    append_all(all.a.scales, c.a.scales);
    append_all(all.b.scales, c.b.scales);
    append_all(all.before, c.before);
    append_all(all.expected, c.expected);
  }
  if (!forward && is_fp8(op.precision)) {
    all.a.memory = side_by_side(experts, &Case::a);
    all.b.memory = side_by_side(experts, &Case::b);
  }
  const OnDevice x(all);
  const auto got = result_of(all.before, all.expected.size(), op.precision,
                             [&](void* d) { product.run(x.operands(d), nullptr); });
  return compare("cublaslt " + describe(Operator{op}), got, all.expected,
                 bound(op.precision, op.pass));
}

}  // namespace

std::vector<CheckResult> check_cublaslt(CublasLtContext& context, std::uint64_t seed) {
  std::vector<CheckResult> results;
  const auto add = [&results](auto check) {
    try {
      results.push_back(check());
    } catch (const Unavailable&) {  // on this GPU
    }
  };
  for (const Precision precision :
       {Precision::bf16, Precision::fp16, Precision::fp8, Precision::fp8_block}) {
    for (const GemmPass pass : {GemmPass::forward, GemmPass::weight_gradient}) {
      // Sizes that differ, and edges within blocks of 128 (a kv projection is 576 wide).
      for (const auto& [m, n, k] : {std::array{64, 576, 384}, {272, 96, 128}}) {
        add([&] { return check_one(context, {m, n, k, precision, pass}, ++seed); });
      }
      GroupedGemm grouped{3, 464, 192, 256, precision, pass};
      if (pass == GemmPass::weight_gradient) grouped = {3, 96, 160, 640, precision, pass};
      add([&] { return check_grouped(context, grouped, ++seed); });
    }
  }
  return results;
}

}  // namespace fleetwright::gpu
