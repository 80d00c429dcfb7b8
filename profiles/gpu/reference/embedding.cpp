#include "profiles/gpu/reference/embedding.hpp"

namespace fleetwright::gpu::reference {
namespace {

bool holds(const Matrix& table, std::int32_t id) {
  return id >= 0 && static_cast<std::size_t>(id) < table.rows;
}

}  // namespace

Matrix gather_rows(const Matrix& table, const std::vector<std::int32_t>& ids) {
  Matrix y(ids.size(), table.columns);
  for (std::size_t t = 0; t < ids.size(); ++t) {
    if (!holds(table, ids[t])) continue;
    for (std::size_t c = 0; c < table.columns; ++c) {
      y(t, c) = table(static_cast<std::size_t>(ids[t]), c);
    }
  }
  return y;
}

void scatter_add_rows(const Matrix& gradient, const std::vector<std::int32_t>& ids,
                      Matrix& table_gradient) {
  for (std::size_t t = 0; t < ids.size(); ++t) {
    if (!holds(table_gradient, ids[t])) continue;
    for (std::size_t c = 0; c < gradient.columns; ++c) {
      table_gradient(static_cast<std::size_t>(ids[t]), c) += gradient(t, c);
    }
  }
}

}  // namespace fleetwright::gpu::reference
