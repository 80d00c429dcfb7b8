#pragma once

#include <vector>

#include "models/model_config.hpp"

namespace fleetwright {

/// Decoder layers of each pipeline stage as nanotron's build_model deals them: the weights of a
/// layer's products (4 h^2 + 3 h f, all heads counted for keys and values too) and of the output
/// head are added up in order, and a stage ends with the layer that takes the sum past its share.
/// Late stages may be left without layers; the output head stands on the last one.
[[nodiscard]] std::vector<int> split_by_weight(const ModelConfig& model, int stages);

}  // namespace fleetwright
