#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "models/core/provenance.hpp"

namespace fleetwright {

/// Number formats of tensor-core operands. `fp8` is scaled per tensor, `fp8_block` by 1x128
/// activations and 128x128 weights (DeepSeek-V3, arXiv 2412.19437, section 3.3), `mxfp8` by 1x32.
enum class Precision { fp32, tf32, fp16, bf16, fp8, fp8_block, mxfp8, fp4 };

[[nodiscard]] std::string_view to_string(Precision precision);
/// Throws std::invalid_argument naming the known words.
[[nodiscard]] Precision parse_precision(std::string_view text);
[[nodiscard]] double bytes_per_element(Precision precision);
/// True for formats whose operands a kernel of their own must quantize first.
[[nodiscard]] bool needs_quantization(Precision precision);

/// In which formats a training run computes, keeps and sends its tensors. Bytes are per element.
struct PrecisionRecipe {
  std::string name;
  Precision gemm = Precision::bf16;       // linear layers, forward and both gradients
  Precision attention = Precision::bf16;  // scores and values
  Precision head = Precision::bf16;       // output head and router
  double activation_bytes = 2;            // of tensors kept for the backward pass
  double gemm_input_bytes = 2;            // of linear-layer inputs kept for the weight gradient
  /// Where these are kept narrower than activations, kernels of their own convert them.
  double attention_output_bytes = 2;  // of the attention's result
  double mlp_input_bytes = 2;         // of what the feed-forward activation reads
  double weight_bytes = 2;            // the copies that kernels read, all formats together
  double gradient_bytes = 4;          // accumulators
  double master_bytes = 4;            // master weights
  double moment_bytes = 8;            // both moments together
  double gradient_reduce_bytes = 4;   // on the wire
  double parameter_gather_bytes = 2;  // on the wire
  double dispatch_bytes = 2;          // on the wire, with scales
  double combine_bytes = 2;           // on the wire
  std::string source;
};

/// The recipes of a TOML file, by name. Throws ScenarioError.
[[nodiscard]] std::map<std::string, PrecisionRecipe> read_precision_recipes(
    const std::filesystem::path& file);

}  // namespace fleetwright
