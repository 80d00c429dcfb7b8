#include "profiles/gpu/reference/streaming.hpp"

namespace fleetwright::gpu::reference {

Matrix add(const Matrix& a, const Matrix& b) {
  Matrix sum(a.rows, a.columns);
  for (std::size_t i = 0; i < sum.at.size(); ++i) sum.at[i] = a.at[i] + b.at[i];
  return sum;
}

Matrix repeat_for_heads(const Matrix& key, std::size_t heads) {
  Matrix keys(key.rows, key.columns * heads);
  for (std::size_t r = 0; r < keys.rows; ++r) {
    for (std::size_t c = 0; c < keys.columns; ++c) keys(r, c) = key(r, c % key.columns);
  }
  return keys;
}

}  // namespace fleetwright::gpu::reference
