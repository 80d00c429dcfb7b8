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

// DeepSeek-V3 generating tokens (arXiv 2412.19437, section 3.4.2): one token, or two with the one
// that multi-token prediction adds, of every sequence on a GPU.
std::vector<Operator> decode() {
  std::vector<Operator> operators;
  for (const double tokens : {1.0, 2.0}) {
    for (const double batch : {1.0, 4.0, 16.0, 64.0, 128.0}) {
      for (double keys = 1024; keys <= 131072; keys *= 2) {
        Attention a;
        a.batch = batch;
        a.queries = tokens;
        a.keys = keys;
        a.heads = 128;
        a.kv_heads = 1;
        a.d_qk = 576;
        a.d_v = 512;
        operators.emplace_back(a);
      }
    }
  }
  return operators;
}

}  // namespace

const std::vector<Suite>& builtin_suites() {
  static const std::vector<Suite> suites{
      {"ceilings", "what copies and large products reach", ceilings},
      {"v3", "every kernel of a training step of DeepSeek-V3", v3},
      {"decode", "attention of DeepSeek-V3 as it generates tokens, absorbed, over a paged cache",
       decode},
      {"grid", "a grid of shapes around those of DeepSeek-V3 and of dense models", shape_grid}};
  return suites;
}

}  // namespace fleetwright::gpu
