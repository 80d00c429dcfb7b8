#pragma once

#include <cmath>
#include <cstddef>

namespace fleetwright::gpu {

/// The shape of an operator as kernels take it.
struct RowShape {
  int rows = 0;
  int columns = 0;
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  }
};

/// Whether kernels that move 16 bytes of FP8 at a time take the shape. Rows are an expected value
/// where tokens spread over experts; a width may have been divided by what does not divide it.
[[nodiscard]] inline bool moves_in_packs(double rows, double columns) {
  constexpr double most = 1 << 30;
  return rows >= 1 && rows <= most && columns >= 16 && columns <= most &&
         std::fmod(columns, 16) == 0;
}

[[nodiscard]] inline RowShape row_shape(double rows, double columns) {
  return {static_cast<int>(std::lround(rows)), static_cast<int>(columns)};
}

}  // namespace fleetwright::gpu
