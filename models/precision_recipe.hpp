#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "models/precision.hpp"

namespace fleetwright {

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
