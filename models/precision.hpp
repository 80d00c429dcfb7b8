#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fleetwright {

/// Number formats of tensor-core operands. `fp8` is scaled per tensor, `fp8_block` by 1x128
/// activations and 128x128 weights (DeepSeek-V3, arXiv 2412.19437, section 3.3), `mxfp8` by 1x32.
enum class Precision { fp32, tf32, fp16, bf16, fp8, fp8_block, mxfp8, fp4 };

[[nodiscard]] std::string_view to_string(Precision precision);
/// Throws std::invalid_argument naming the known words.
[[nodiscard]] Precision parse_precision(std::string_view text);
/// All words that parse_precision knows.
[[nodiscard]] std::vector<std::string> precision_names();
[[nodiscard]] double bytes_per_element(Precision precision);
/// True for formats whose operands a kernel of their own must quantize first.
[[nodiscard]] bool needs_quantization(Precision precision);

}  // namespace fleetwright
