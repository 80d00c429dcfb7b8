#pragma once

#include <cstdint>

namespace fleetwright::gpu {

/// What turns an expert's logit into its score: a sigmoid (DeepSeek-V3) or the softmax over all
/// experts (Mixtral, Qwen).
enum class GateScore : std::uint8_t { sigmoid, softmax };

/// A gate as in DeepSeek-V3 (arXiv 2412.19437, section 2.1.2, equations 13 to 16). Experts are
/// chosen by score + bias: they lie in `groups` equal stretches, the `kept_groups` with the largest
/// sums of their two best are kept, and the `active` best of those are chosen, of equals the one of
/// the lower index. Weights are the chosen's scores without bias, over their sum, times `scale`.
struct Gate {
  int experts = 0;
  int active = 0;
  int groups = 1;
  int kept_groups = 1;
  float scale = 1;
  GateScore score = GateScore::sigmoid;
};

}  // namespace fleetwright::gpu
