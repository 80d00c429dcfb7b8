#include "profiles/gpu/run/suites.hpp"

#include "profiles/gpu/run/shape_grid.hpp"
#include "profiles/gpu/run/v3_operators.hpp"

namespace fleetwright::gpu {
namespace {

// What bounds the rest: copies of 1 and 4 GiB, products of 8,192^3 and 16,384^3 in each format.
std::vector<Operator> ceilings() {
  std::vector<Operator> operators;
  for (const double rows : {32768.0, 131072.0}) {
    Elementwise copy;
    copy.kind = ElementwiseKind::copy;
    copy.rows = rows;
    copy.columns = 8192;
    operators.emplace_back(copy);
  }
  for (const Precision format : {Precision::bf16, Precision::fp8, Precision::fp8_block}) {
    for (const double n : {8192.0, 16384.0}) {
      operators.emplace_back(Gemm{n, n, n, format, GemmPass::forward});
    }
  }
  return operators;
}

// The kernels of the step, and its products in the formats that it might have used instead.
std::vector<Operator> v3() {
  std::vector<Operator> operators = v3_operators();
  for (const Precision format : {Precision::bf16, Precision::fp8}) {
    for (const Operator& op : v3_operators()) {
      const auto* g = std::get_if<Gemm>(&op);
      if (g == nullptr || g->precision != Precision::fp8_block) continue;
      if (format == Precision::fp8 && g->pass == GemmPass::weight_gradient) continue;
      operators.emplace_back(Gemm{g->m, g->n, g->k, format, g->pass});
    }
  }
  return operators;
}

}  // namespace

const std::vector<Suite>& builtin_suites() {
  static const std::vector<Suite> suites{
      {"ceilings", "what copies and large products reach", ceilings},
      {"v3", "every kernel of a training step of DeepSeek-V3", v3},
      {"grid", "a grid of shapes around those of DeepSeek-V3 and of dense models", shape_grid}};
  return suites;
}

}  // namespace fleetwright::gpu
