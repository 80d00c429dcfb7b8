#include "models/operators.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "models/core/overloaded.hpp"

namespace fleetwright {
namespace {

constexpr double bf16 = 2;
constexpr double fp32 = 4;
constexpr double fp8_with_scale = 1.0 + 4.0 / 128.0;  // one FP32 scale per 128 elements

// Latent attention in the absorbed form that generates tokens: one key for all heads, which holds
// the value as well (DeepSeek-V2, arXiv 2405.04434, section 2.1.2), and a sequence's last tokens.
bool is_absorbed(const Attention& a) {
  return a.heads > 1 && a.kv_heads == 1 && a.d_v < a.d_qk && a.queries < a.keys;
}

// Keys that all queries of a sequence see together, causal: the triangle, or a band of it.
double visible_pairs(const Attention& a) {
  if (is_absorbed(a)) return a.queries * a.keys - a.queries * (a.queries - 1) / 2;
  if (a.window > 0 && a.window < a.keys) {
    return a.queries * a.window - (a.queries >= a.keys ? a.window * a.window / 2 : 0);
  }
  return a.queries * a.keys / 2;
}

template <typename Product>
double gemm_bytes(const Product& g, double groups) {
  const double in = bytes_per_element(g.precision);
  if (g.pass == GemmPass::weight_gradient) {
    return (g.m + g.n) * g.k * in + groups * g.m * g.n * 2 * g.gradient_bytes;
  }
  return g.m * g.k * in + groups * g.n * g.k * in + g.m * g.n * bf16;
}

double attention_bytes(const Attention& a) {
  const double q = a.batch * a.queries * a.heads * (a.d_qk + a.d_v);  // queries and outputs
  const double kv = a.batch * a.keys * a.kv_heads * (is_absorbed(a) ? a.d_qk : a.d_qk + a.d_v);
  // Backward reads q, k, v, o and dO, writes dQ, dK, dV and keeps an FP32 accumulator of dQ.
  return a.backward ? bf16 * (2 * q + 2 * kv) + a.batch * a.queries * a.heads * a.d_qk * 2 * fp32
                    : bf16 * (q + kv);
}

double elementwise_bytes(const Elementwise& e) {
  const double n = e.rows * e.columns;
  const double in = e.gated ? 2 * n : n;
  switch (e.kind) {
    case ElementwiseKind::rope:
    case ElementwiseKind::copy:
      return 2 * n * bf16;
    case ElementwiseKind::broadcast:
      return n * bf16;
    // Scores written, softmax and dropout (with its mask byte) each read and write, probabilities
    // read; backward the same with both operands of the softmax gradient and two more readers.
    case ElementwiseKind::softmax:
      return n * (e.backward ? 19 : 13);
    // Converted (2 + 4 bytes), and what is there less the difference times a weight, a kernel each
    // (12, 8, 12). Backward: the gradient of the queries added up (10), those of keys and values
    // added to what came and packed (10 and 8 each).
    case ElementwiseKind::merge_blocks:
      return n * (e.backward ? 46 : 38);
    case ElementwiseKind::transpose_weight:
      return 2 * n;
    case ElementwiseKind::residual_add:
      return 3 * n * bf16;
    // The router's weights are FP32, and so is all that they meet (Megatron-Core, _apply_bias):
    // their product with the bias (4 bytes), the sum (10), the experts side by side (8), converted
    // (6). Backward: converted (6), for the rows converted back and put side by side (10), times
    // the weights and added up for the bias (12), times the bias and added up for the weights (12).
    case ElementwiseKind::expert_bias:
      return n * (e.backward ? 40 : 28);
    case ElementwiseKind::activation:
      break;
  }
  // Backward reads the input and the output's gradient and writes the input's gradient; where the
  // output is quantized it is computed again on the way and written for the weight gradient.
  // Unfused, the sigmoid-weighted half and the product are a kernel each, backward three. Clamped
  // (Megatron-Core, weighted_bias_quick_geglu_impl): both halves clamped (2 and 2) and put side by
  // side (4) before a fused kernel (3). Backward the same kernel (5), the clamps (3 and 3), and
  // their gradients side by side (4).
  if (e.gated && !e.fused && e.clamped) return n * (e.backward ? 15 : 11) * bf16;
  if (e.gated && !e.fused) return n * (e.backward ? 9 : 5) * bf16;
  if (e.backward) return (2 * in + n) * bf16 + (e.quantized ? n * bf16 : 0);
  return in * bf16 + n * (e.quantized ? fp8_with_scale : bf16);
}

}  // namespace

Flop flop(const Operator& op) {
  return std::visit(
      Overloaded{[](const Gemm& g) { return Flop{2 * g.m * g.n * g.k}; },
                 [](const GroupedGemm& g) { return Flop{2 * g.m * g.n * g.k}; },
                 [](const Attention& a) {
                   const double qk = 2 * visible_pairs(a) * a.d_qk;
                   const double pv = 2 * visible_pairs(a) * a.d_v;
                   // Backward: S again, dQ, dK of width d_qk; dP, dV of width d_v.
                   return Flop{a.batch * a.heads * (a.backward ? 3 * qk + 2 * pv : qk + pv)};
                 },
                 [](const auto&) { return Flop{0}; }},
      op);
}

double kernels(const Operator& op) {
  if (const auto* grouped = std::get_if<GroupedGemm>(&op)) return grouped->groups;
  const auto* e = std::get_if<Elementwise>(&op);
  if (e == nullptr || e->kind != ElementwiseKind::expert_bias) return 1;
  // For each expert, product and sum; backward its rows' gradient, and product and sum of that of
  // the bias and of that of the weights, and the bias's added to what is there.
  return e->pieces * (e->backward ? 6 : 2);
}

Bytes bytes(const Operator& op) {
  return Bytes{std::visit(
      Overloaded{[](const Gemm& g) { return gemm_bytes(g, 1); },
                 [](const GroupedGemm& g) { return gemm_bytes(g, g.groups); },
                 [](const Attention& a) { return attention_bytes(a); },
                 [](const Norm& n) { return n.rows * n.columns * bf16 * (n.backward ? 3 : 2); },
                 [](const Elementwise& e) { return elementwise_bytes(e); },
                 [](const Quantize& q) {
                   if (q.stored_bytes != 1) return q.rows * q.columns * (bf16 + q.stored_bytes);
                   // A square block's scale is too little to count; its transpose is written beside
                   // it.
                   if (q.square) return q.rows * q.columns * (bf16 + (q.transpose ? 2 : 1));
                   return q.rows * q.columns * (bf16 + (q.both_layouts ? 2 : 1) * fp8_with_scale);
                 },
                 [](const Router& r) { return r.tokens * r.experts * fp32 * 2; },
                 [](const Permute& p) {
                   // Expanding reads each token once and writes each row; reducing reads each row.
                   return (p.rows + p.tokens) * p.columns * p.bytes_per_element;
                 },
                 [](const ExpertMapping& m) { return m.rows * m.active * 8; },
                 [](const Embedding& e) {
                   return e.tokens * e.hidden * (e.backward ? bf16 + 2 * fp32 : 2 * bf16);
                 },
                 [](const Loss& l) {
                   // Unfused: converted to FP32, log-softmax; backward its gradient, filled, read,
                   // written and converted back.
                   const double unfused = l.backward ? 5 * fp32 + bf16 : 3 * fp32 + bf16;
                   const double fused = l.backward ? 2 * bf16 : bf16;
                   return l.tokens * l.vocabulary * (l.fused ? fused : unfused);
                 },
                 [](const OptimizerUpdate& o) { return o.parameters * o.bytes_per_parameter; },
                 [](const CollectiveCall&) { return 0.0; }},
      op)};
}

std::string_view kernel_name(const Operator& op) {
  return std::visit(
      Overloaded{[](const Gemm&) { return "gemm"; },
                 [](const GroupedGemm&) { return "grouped_gemm"; },
                 [](const Attention& a) {
                   return a.backward ? "attention_backward" : "attention_forward";
                 },
                 [](const Norm& n) { return n.backward ? "rmsnorm_backward" : "rmsnorm_forward"; },
                 [](const Elementwise& e) {
                   switch (e.kind) {
                     case ElementwiseKind::rope:
                       return "rope";
                     case ElementwiseKind::copy:
                       return "copy";
                     case ElementwiseKind::softmax:
                       return "softmax";
                     case ElementwiseKind::expert_bias:
                       return "expert_bias";
                     case ElementwiseKind::merge_blocks:
                       return "merge_blocks";
                     case ElementwiseKind::broadcast:
                       return "broadcast_rope_key";
                     case ElementwiseKind::transpose_weight:
                       return "transpose_fp8";
                     case ElementwiseKind::residual_add:
                       return "residual_add";
                     case ElementwiseKind::activation:
                       break;
                   }
                   if (e.backward) return "swiglu_backward";
                   return e.quantized ? "swiglu_forward_quantize" : "swiglu_forward";
                 },
                 [](const Quantize& q) {
                   if (q.stored_bytes != 1) return q.back ? "dequantize_12bit" : "quantize_12bit";
                   if (q.back) return "dequantize_1x128";
                   if (q.both_layouts) return "cast_transpose";
                   if (q.square)
                     return q.transpose ? "quantize_transpose_128x128" : "quantize_128x128";
                   return q.transpose ? "quantize_transpose_1x128" : "quantize_1x128";
                 },
                 [](const Router& r) { return r.backward ? "router_backward" : "router_forward"; },
                 [](const Permute& p) { return p.reduce ? "unpermute_reduce" : "permute"; },
                 [](const ExpertMapping&) { return "moe_mapping"; },
                 [](const Embedding&) { return "embedding"; }, [](const Loss&) { return "loss"; },
                 [](const OptimizerUpdate&) { return "optimizer_update"; },
                 [](const CollectiveCall& c) { return to_string(c.kind).data(); }},
      op);
}

std::string describe(const Operator& op) {
  return std::visit(
      Overloaded{
          [](const Gemm& g) {
            return fmt::format("gemm {}x{}x{} {}{}", g.m, g.n, g.k, to_string(g.precision),
                               g.pass == GemmPass::weight_gradient ? " weight gradient" : "");
          },
          [](const GroupedGemm& g) {
            return fmt::format("grouped gemm {} x {}x{}x{} {}{}", g.groups, g.m, g.n, g.k,
                               to_string(g.precision),
                               g.pass == GemmPass::weight_gradient ? " weight gradient" : "");
          },
          [](const Attention& a) {
            return fmt::format("attention {} {} heads, {} x {}, {}/{}",
                               a.backward ? "backward" : "forward", a.heads, a.queries, a.keys,
                               a.d_qk, a.d_v);
          },
          [](const CollectiveCall& c) {
            return fmt::format("{} over the {} group", to_string(c.kind), to_string(c.group));
          },
          [&](const auto&) { return std::string(kernel_name(op)); }},
      op);
}

std::string_view to_string(CollectiveKind kind) {
  constexpr std::string_view names[] = {"all_reduce", "all_gather", "reduce_scatter", "dispatch",
                                        "combine"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(CommunicationGroup group) {
  constexpr std::string_view names[] = {"tensor", "context", "expert", "data", "expert-data"};
  return names[static_cast<std::size_t>(group)];
}

}  // namespace fleetwright
