#include "profiles/gpu/reference/decode.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetwright::gpu::reference {

AttentionResult decode(const DecodeProblem& p, const std::vector<std::int32_t>& lengths,
                       const std::vector<std::int32_t>& page_table, const std::vector<double>& q,
                       const std::vector<double>& cache) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::size_t rows = lengths.size() * p.tokens * p.heads;
  AttentionResult result;
  result.o.assign(rows * p.d_v, 0);
  result.log_sum.assign(rows, -infinity);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t sequence = row / (p.tokens * p.heads), token = row / p.heads % p.tokens;
    const auto length = static_cast<std::size_t>(lengths[sequence]);
    const std::size_t hidden = p.tokens - 1 - token;
    const std::size_t seen = length > hidden ? length - hidden : 0;
    const auto key = [&](std::size_t i) {
      const std::size_t entry = sequence * p.max_pages + i / p.page_tokens;
      const auto page = static_cast<std::size_t>(page_table[entry]);
      return &cache[(page * p.page_tokens + i % p.page_tokens) * p.d_qk];
    };
    std::vector<double> weights(seen, 0);
    double largest = -infinity, sum = 0;
    for (std::size_t i = 0; i < seen; ++i) {
      for (std::size_t d = 0; d < p.d_qk; ++d) weights[i] += q[row * p.d_qk + d] * key(i)[d];
      weights[i] *= p.scale;
      largest = std::max(largest, weights[i]);
    }
    for (double& w : weights) sum += w = std::exp(w - largest);
    if (seen > 0) result.log_sum[row] = largest + std::log(sum);
    for (std::size_t i = 0; i < seen; ++i) {
      for (std::size_t d = 0; d < p.d_v; ++d) {
        result.o[row * p.d_v + d] += weights[i] / sum * key(i)[d];
      }
    }
  }
  return result;
}

}  // namespace fleetwright::gpu::reference
