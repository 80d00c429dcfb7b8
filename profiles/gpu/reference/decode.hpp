#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "profiles/gpu/reference/attention.hpp"

namespace fleetwright::gpu::reference {

/// Attention of the last tokens of each sequence to its keys, which all heads share and whose first
/// columns are the values, in pages of a cache: key i of sequence b is row i % page_tokens of page
/// page_table[b, i / page_tokens]. Token t does not see the last tokens - 1 - t keys.
struct DecodeProblem {
  std::size_t tokens = 1;
  std::size_t heads = 1;
  std::size_t d_qk = 0;
  std::size_t d_v = 0;
  std::size_t page_tokens = 64;
  std::size_t max_pages = 0;  // of a sequence
  double scale = 1;           // of the scores
};

/// q [batch, tokens, heads, d_qk], cache [pages, page_tokens, d_qk], one length for each sequence;
/// o [batch, tokens, heads, d_v], log_sum [batch, tokens, heads]. Where a token sees no key: zeros,
/// and minus infinity.
[[nodiscard]] AttentionResult decode(const DecodeProblem& problem,
                                     const std::vector<std::int32_t>& lengths,
                                     const std::vector<std::int32_t>& page_table,
                                     const std::vector<double>& q,
                                     const std::vector<double>& cache);

}  // namespace fleetwright::gpu::reference
