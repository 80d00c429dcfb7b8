#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "models/core/quantity.hpp"
#include "models/precision.hpp"

namespace fleetwright {

/// Forward and input-gradient products are the same kernel; the weight gradient sums over tokens
/// and accumulates in place.
enum class GemmPass { forward, weight_gradient };

/// C[m,n] = A[m,k] B[k,n].
struct Gemm {
  double m = 0;
  double n = 0;
  double k = 0;
  Precision precision = Precision::bf16;
  GemmPass pass = GemmPass::forward;
  double gradient_bytes = 4;  // of an element that a weight gradient is added to

  auto operator<=>(const Gemm&) const = default;
};

/// `groups` products in one kernel. Forward: m rows in total over the groups, equal n and k. Weight
/// gradient: k rows in total over the groups.
struct GroupedGemm {
  double groups = 1;
  double m = 0;
  double n = 0;
  double k = 0;
  Precision precision = Precision::bf16;
  GemmPass pass = GemmPass::forward;
  double gradient_bytes = 4;  // of an element that a weight gradient is added to

  auto operator<=>(const GroupedGemm&) const = default;
};

/// Fused softmax(QK^T)V, or its gradient (five products for the forward's two).
struct Attention {
  double batch = 1;
  double queries = 0;  // a sequence's query tokens on this GPU
  double keys = 0;     // a sequence's key tokens
  int heads = 0;
  int kv_heads = 0;
  int d_qk = 0;
  int d_v = 0;
  double window = 0;  // keys that a query sees at the most; 0: all before it
  Precision precision = Precision::bf16;
  bool backward = false;

  auto operator<=>(const Attention&) const = default;
};

/// Root-mean-square or layer normalization over `columns`.
struct Norm {
  double rows = 0;
  double columns = 0;
  bool backward = false;

  auto operator<=>(const Norm&) const = default;
};

enum class ElementwiseKind {
  rope,  // rotates
  activation,
  residual_add,
  expert_bias,  // behind each expert, weighted as its rows are
  copy,
  broadcast,         // one shared column block written for every head
  softmax,           // scale, mask, softmax and dropout over written-out scores
  merge_blocks,      // attention to the keys of another rank, added up in FP32
  transpose_weight,  // FP8 weights into the layout that the input gradient needs
};

/// A kernel that streams [rows, columns]; for a gated activation `columns` is the width of its
/// output and its input is twice as wide.
struct Elementwise {
  ElementwiseKind kind = ElementwiseKind::residual_add;
  double rows = 0;
  double columns = 0;
  bool gated = false;
  bool quantized = false;  // the activation writes scaled FP8
  bool backward = false;
  bool fused = true;     // a gated activation is one kernel
  bool clamped = false;  // both of its inputs are, in kernels of their own (GPT-OSS)
  double pieces = 1;     // of the rows, each with kernels of its own (experts)

  auto operator<=>(const Elementwise&) const = default;
};

/// BF16 to FP8 with scales, transposed for the weight gradient; or to and from a storage format of
/// `stored_bytes` an element (FP8, or 12 bits).
struct Quantize {
  double rows = 0;
  double columns = 0;
  bool transpose = false;
  bool back = false;  // from the format to BF16
  double stored_bytes = 1;
  bool square = false;        // one scale for 128x128 elements (weights), not for 1x128
  bool both_layouts = false;  // writes the rows and the columns, each with its scales

  auto operator<=>(const Quantize&) const = default;
};

/// Scores, bias, group-limited top-k, counts and index maps of a mixture of experts.
struct Router {
  double tokens = 0;
  int experts = 0;
  int active = 0;
  bool backward = false;

  auto operator<=>(const Router&) const = default;
};

/// Copies token rows into expert order, or adds weighted expert rows back into token order.
struct Permute {
  double rows = 0;  // in expert order
  double tokens = 0;
  double columns = 0;
  double bytes_per_element = 2;
  bool reduce = false;

  auto operator<=>(const Permute&) const = default;
};

/// Index maps from tokens to expert rows.
struct ExpertMapping {
  double rows = 0;
  int active = 0;

  auto operator<=>(const ExpertMapping&) const = default;
};

/// Gathers or scatter-adds rows of the token table.
struct Embedding {
  double tokens = 0;
  double hidden = 0;
  bool backward = false;

  auto operator<=>(const Embedding&) const = default;
};

/// Softmax cross-entropy over a vocabulary (or a tensor-parallel part of it).
struct Loss {
  double tokens = 0;
  double vocabulary = 0;
  bool backward = false;
  bool fused = true;

  auto operator<=>(const Loss&) const = default;
};

/// Adam over this many parameters.
struct OptimizerUpdate {
  double parameters = 0;
  double bytes_per_parameter = 0;

  auto operator<=>(const OptimizerUpdate&) const = default;
};

enum class CollectiveKind { all_reduce, all_gather, reduce_scatter, dispatch, combine };
enum class CommunicationGroup { tensor, context, expert, data, expert_data };

/// A collective of this GPU's group. Bytes: the whole tensor (all-reduce, all-gather: its result,
/// reduce-scatter: its input); dispatch and combine: one copy of the tokens of this GPU.
struct CollectiveCall {
  CollectiveKind kind = CollectiveKind::all_reduce;
  CommunicationGroup group = CommunicationGroup::tensor;
  Bytes bytes;

  auto operator<=>(const CollectiveCall&) const = default;
};

/// All that a stage does, on one GPU. Closed: a new kind needs a time model. The order is that of
/// the kinds and of their fields, for sets and maps.
using Operator =
    std::variant<Gemm, GroupedGemm, Attention, Norm, Elementwise, Quantize, Router, Permute,
                 ExpertMapping, Embedding, Loss, OptimizerUpdate, CollectiveCall>;

/// Tensor-core operations; 0 for everything that is bound by bandwidth. Attention counts the causal
/// half, as kernels skip the rest; the last tokens of sequences that are generated see all keys.
[[nodiscard]] Flop flop(const Operator& op);

/// Kernels where those of experts are launched one by one.
[[nodiscard]] double kernels(const Operator& op);

/// Bytes that must move through device memory at the least: each operand read once, each result
/// written once (accumulators: read and written). 0 for collectives.
[[nodiscard]] Bytes bytes(const Operator& op);

/// The name under which measurements of this kind of kernel are kept: "gemm", "rmsnorm_forward" ...
[[nodiscard]] std::string_view kernel_name(const Operator& op);

/// "gemm 4096x24576x1536 fp8-block", for traces and `bound_by`.
[[nodiscard]] std::string describe(const Operator& op);

[[nodiscard]] std::string_view to_string(CollectiveKind kind);
[[nodiscard]] std::string_view to_string(CommunicationGroup group);

}  // namespace fleetwright
