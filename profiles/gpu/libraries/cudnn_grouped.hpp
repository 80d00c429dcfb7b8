#pragma once

#include <cstdint>
#include <optional>

#include "profiles/gpu/libraries/cudnn_graph.hpp"

namespace fleetwright::gpu {

/// result[m, n] = tokens[m, k] weights[expert, n, k]^T, in BF16, where the rows from first_row[e]
/// (int32, [groups]) on belong to expert e and the last expert's end at m.
struct GroupedGraph {
  Graph graph;
  TensorId tokens = 0, weights = 0, first_row = 0, result = 0;
  std::optional<TensorId> token_scale, weight_scale;  // one FP32 number each, for FP8
};

[[nodiscard]] GroupedGraph grouped_graph(std::int64_t groups, std::int64_t m, std::int64_t n,
                                         std::int64_t k, GraphType operands);

}  // namespace fleetwright::gpu
