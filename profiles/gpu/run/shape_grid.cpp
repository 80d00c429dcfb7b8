#include "profiles/gpu/run/shape_grid.hpp"

#include <array>
#include <utility>

namespace fleetwright::gpu {
namespace {

using Shape = std::pair<double, double>;  // n, k of a forward product

// The linear layers of DeepSeek-V3 (its config.json): q_a, kv_a, q_b, kv_b, o, dense up and down,
// shared expert up and down, output head.
constexpr std::array<Shape, 10> v3_layers{{{1536, 7168},
                                           {576, 7168},
                                           {24576, 1536},
                                           {32768, 512},
                                           {7168, 16384},
                                           {36864, 7168},
                                           {7168, 18432},
                                           {4096, 7168},
                                           {7168, 2048},
                                           {129280, 7168}}};
// Those of Llama-3.1 8B, 70B and 405B and of GPT-3 175B, whole and as tensor parallelism cuts them.
constexpr std::array<Shape, 16> dense_layers{{{6144, 4096},
                                              {4096, 4096},
                                              {28672, 4096},
                                              {4096, 14336},
                                              {10240, 8192},
                                              {8192, 8192},
                                              {57344, 8192},
                                              {8192, 28672},
                                              {2304, 16384},
                                              {16384, 2048},
                                              {13312, 16384},
                                              {16384, 6656},
                                              {4608, 12288},
                                              {12288, 1536},
                                              {6144, 12288},
                                              {12288, 6144}}};

void products(std::vector<Operator>& to) {
  for (const Precision format : {Precision::bf16, Precision::fp8, Precision::fp8_block}) {
    // Block-scaled products of cuBLASLt take rows in fours.
    for (double m = format == Precision::fp8_block ? 4 : 1; m <= 32768; m *= 2) {
      for (const auto& [n, k] : v3_layers) to.emplace_back(Gemm{m, n, k, format});
      if (m < 512 || format == Precision::fp8_block) continue;
      for (const auto& [n, k] : dense_layers) to.emplace_back(Gemm{m, n, k, format});
    }
    if (format == Precision::fp8) continue;
    for (double m = 1024; m <= 32768; m *= 2) {
      for (const auto& [n, k] : v3_layers) {
        to.emplace_back(Gemm{n, k, m, format, GemmPass::weight_gradient});
      }
    }
  }
}

// Experts of DeepSeek-V3 (up, down) and of Mixtral 8x7B, a few or many on a GPU.
void grouped_products(std::vector<Operator>& to) {
  constexpr std::array<Shape, 4> experts{
      {{4096, 7168}, {7168, 2048}, {28672, 4096}, {4096, 14336}}};
  for (const Precision format : {Precision::bf16, Precision::fp8_block}) {
    for (const double groups : {2.0, 4.0, 8.0, 32.0}) {
      for (double rows = 2048; rows <= 32768; rows *= 2) {
        for (const auto& [n, k] : experts) {
          to.emplace_back(GroupedGemm{groups, rows, n, k, format});
          to.emplace_back(GroupedGemm{groups, n, k, rows, format, GemmPass::weight_gradient});
        }
      }
    }
  }
}

void attentions(std::vector<Operator>& to) {
  struct Heads {
    int heads, kv_heads, d_qk, d_v;
  };
  // DeepSeek-V3, Llama-3.1 70B, GPT-3 175B over eight GPUs.
  for (const Heads& h :
       {Heads{128, 128, 192, 128}, Heads{64, 8, 128, 128}, Heads{12, 12, 128, 128}}) {
    for (double keys = 1024; keys <= 131072; keys *= 2) {
      for (const bool backward : {false, true}) {
        Attention a;
        a.batch = keys < 4096 ? 4096 / keys : 1;
        a.queries = a.keys = keys;
        a.heads = h.heads;
        a.kv_heads = h.kv_heads;
        a.d_qk = h.d_qk;
        a.d_v = h.d_v;
        a.backward = backward;
        to.emplace_back(a);
      }
    }
  }
}

Elementwise streaming(ElementwiseKind kind, double rows, double columns, bool backward = false) {
  Elementwise e;
  e.kind = kind;
  e.rows = rows;
  e.columns = columns;
  e.backward = backward;
  return e;
}

void activations(std::vector<Operator>& to, double rows, double columns) {
  for (const bool quantized : {false, true}) {
    for (const bool backward : {false, true}) {
      Elementwise e = streaming(ElementwiseKind::activation, rows, columns, backward);
      e.gated = true;
      e.quantized = quantized;
      to.emplace_back(e);
    }
  }
}

void bandwidth_bound(std::vector<Operator>& to) {
  for (double rows = 1024; rows <= 32768; rows *= 2) {
    for (const double columns : {512.0, 1536.0, 2048.0, 4096.0, 7168.0, 8192.0, 16384.0}) {
      for (const bool backward : {false, true}) to.emplace_back(Norm{rows, columns, backward});
      to.emplace_back(Quantize{rows, columns});
      to.emplace_back(Quantize{rows, columns, true});
      to.emplace_back(Quantize{rows, columns, false, true});
      Quantize square{rows, columns, true};
      square.square = true;
      to.emplace_back(square);
      to.emplace_back(streaming(ElementwiseKind::copy, rows, columns));
      to.emplace_back(streaming(ElementwiseKind::residual_add, rows, columns));
      to.emplace_back(streaming(ElementwiseKind::transpose_weight, rows, columns));
      activations(to, rows, columns);
    }
    for (const double heads : {8.0, 32.0, 128.0}) {
      to.emplace_back(streaming(ElementwiseKind::rope, rows, heads * 128));
    }
    for (const int experts : {8, 64, 128, 256}) {
      const int active = experts == 8 ? 2 : 8;
      to.emplace_back(Router{rows, experts, active, false});
      to.emplace_back(Router{rows, experts, active, true});
    }
    to.emplace_back(Permute{rows, rows * 0.6, 7168, 1.0 + 4.0 / 128.0, false});
    to.emplace_back(Permute{rows, rows * 0.6, 7168, 2, false});
    to.emplace_back(Permute{rows, rows * 0.6, 7168, 2, true});
    to.emplace_back(ExpertMapping{rows, 8});
    for (const bool backward : {false, true}) {
      to.emplace_back(Embedding{rows, 7168, backward});
      if (rows <= 8192) to.emplace_back(Loss{rows, 129280, backward});
    }
  }
  // Adam with FP32 gradients and master weights; moments of BF16 and of FP32.
  for (const double parameters : {1e7, 1e8, 1e9}) {
    for (const double bytes : {22.0, 30.0}) to.emplace_back(OptimizerUpdate{parameters, bytes});
  }
}

}  // namespace

std::vector<Operator> shape_grid() {
  std::vector<Operator> operators;
  products(operators);
  grouped_products(operators);
  attentions(operators);
  bandwidth_bound(operators);
  return operators;
}

}  // namespace fleetwright::gpu
