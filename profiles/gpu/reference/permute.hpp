#pragma once

#include <cstddef>
#include <vector>

#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

/// Where the rows of the expert order come from and where each choice went.
struct ExpertRows {
  std::vector<int> sources;  // the token of each row
  std::vector<int> rows_of;  // [tokens, slots], -1 for choices that are not served
};

/// Rows by expert, then token, then slot. `ids` [tokens, slots]; ids outside [0, experts) are not
/// served.
[[nodiscard]] ExpertRows map_experts(const std::vector<int>& ids, std::size_t slots, int experts);

/// Rows of `from` [tokens, columns] in expert order, [rows, columns].
[[nodiscard]] Matrix permute(const Matrix& from, const std::vector<int>& sources);

/// Sums of each token's rows, [tokens, columns]; `weights` is [tokens, slots].
[[nodiscard]] Matrix unpermute(const Matrix& from, const std::vector<int>& rows_of,
                               const Matrix& weights);

/// The gradients of unpermute's operands.
struct UnpermuteGradients {
  Matrix rows;     // [rows, columns]
  Matrix weights;  // [tokens, slots]
};

[[nodiscard]] UnpermuteGradients unpermute_gradient(const Matrix& token_gradients,
                                                    const Matrix& from,
                                                    const std::vector<int>& rows_of,
                                                    const Matrix& weights);

}  // namespace fleetwright::gpu::reference
