#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

/// Which keys a row of scores sees: row r is query r % queries, which sees keys 0 ... keys -
/// queries + query, or all of them.
struct ScoreMask {
  std::size_t queries = 1;
  bool causal = true;
};

/// softmax(scale * scores) over the keys that each row sees, 0 for the others.
[[nodiscard]] Matrix score_softmax(const Matrix& scores, ScoreMask mask, double scale);

/// scale * p (g - sum(g p)), the gradient of the scores; 0 where p is.
[[nodiscard]] Matrix score_softmax_gradient(const Matrix& probabilities,
                                            const Matrix& probabilities_gradient, double scale);

/// Philox4x32-10 of Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
using PhiloxWords = std::array<std::uint32_t, 4>;
[[nodiscard]] PhiloxWords philox4x32(PhiloxWords counter, std::array<std::uint32_t, 2> key);

/// 1 for each number that dropout at this rate keeps, 0 for the others: word i % 4 of counter i / 4
/// decides about number i.
[[nodiscard]] std::vector<std::uint8_t> dropout_keeps(std::size_t size, double rate,
                                                      std::uint64_t seed);

/// x / (1 - rate) where kept, else 0; its gradient is the same.
[[nodiscard]] std::vector<double> drop(const std::vector<double>& x,
                                       const std::vector<std::uint8_t>& kept, double rate);

}  // namespace fleetwright::gpu::reference
