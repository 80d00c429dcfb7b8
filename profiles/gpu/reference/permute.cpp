#include "profiles/gpu/reference/permute.hpp"

namespace fleetwright::gpu::reference {

ExpertRows map_experts(const std::vector<int>& ids, std::size_t slots, int experts) {
  ExpertRows result;
  result.rows_of.assign(ids.size(), -1);
  for (int expert = 0; expert < experts; ++expert) {
    for (std::size_t choice = 0; choice < ids.size(); ++choice) {
      if (ids[choice] != expert) continue;
      result.rows_of[choice] = static_cast<int>(result.sources.size());
      result.sources.push_back(static_cast<int>(choice / slots));
    }
  }
  return result;
}

Matrix permute(const Matrix& from, const std::vector<int>& sources) {
  Matrix to(sources.size(), from.columns);
  for (std::size_t r = 0; r < to.rows; ++r) {
    for (std::size_t c = 0; c < to.columns; ++c) {
      to(r, c) = from(static_cast<std::size_t>(sources[r]), c);
    }
  }
  return to;
}

Matrix unpermute(const Matrix& from, const std::vector<int>& rows_of, const Matrix& weights) {
  Matrix to(weights.rows, from.columns);
  for (std::size_t choice = 0; choice < rows_of.size(); ++choice) {
    if (rows_of[choice] < 0) continue;
    const std::size_t token = choice / weights.columns;
    for (std::size_t c = 0; c < to.columns; ++c) {
      to(token, c) += weights.at[choice] * from(static_cast<std::size_t>(rows_of[choice]), c);
    }
  }
  return to;
}

UnpermuteGradients unpermute_gradient(const Matrix& token_gradients, const Matrix& from,
                                      const std::vector<int>& rows_of, const Matrix& weights) {
  UnpermuteGradients result{Matrix(from.rows, from.columns), Matrix(weights.rows, weights.columns)};
  for (std::size_t choice = 0; choice < rows_of.size(); ++choice) {
    if (rows_of[choice] < 0) continue;
    const std::size_t token = choice / weights.columns;
    const auto row = static_cast<std::size_t>(rows_of[choice]);
    for (std::size_t c = 0; c < from.columns; ++c) {
      result.rows(row, c) = weights.at[choice] * token_gradients(token, c);
      result.weights.at[choice] += token_gradients(token, c) * from(row, c);
    }
  }
  return result;
}

}  // namespace fleetwright::gpu::reference
