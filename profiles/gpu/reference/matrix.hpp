#pragma once

#include <cstddef>
#include <vector>

namespace fleetwright::gpu::reference {

/// Row-major, in double precision: what the references compute with.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> at;

  Matrix() = default;
  Matrix(std::size_t r, std::size_t c) : rows(r), columns(c), at(r * c) {}

  [[nodiscard]] double& operator()(std::size_t r, std::size_t c) { return at[r * columns + c]; }
  [[nodiscard]] double operator()(std::size_t r, std::size_t c) const {
    return at[r * columns + c];
  }
};

}  // namespace fleetwright::gpu::reference
