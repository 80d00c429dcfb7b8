#include "profiles/gpu/reference/router.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "profiles/gpu/reference/number_formats.hpp"

namespace fleetwright::gpu::reference {
namespace {

// The `count` indices of the largest values, by falling value, of equals the lower index first.
std::vector<int> largest(const std::vector<int>& candidates, const std::vector<double>& values,
                         int count) {
  std::vector<int> order = candidates;
  std::ranges::stable_sort(order, std::greater{},
                           [&](int i) { return values[static_cast<std::size_t>(i)]; });
  order.resize(static_cast<std::size_t>(count));
  return order;
}

std::vector<int> first_numbers(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

// Experts of the best groups, ascending.
std::vector<int> eligible_experts(const std::vector<double>& biased, const Gate& gate) {
  if (gate.groups == 1) return first_numbers(gate.experts);
  const auto width = static_cast<std::ptrdiff_t>(gate.experts / gate.groups);
  std::vector<double> group_scores;
  for (int g = 0; g < gate.groups; ++g) {
    std::vector<double> group(biased.begin() + g * width, biased.begin() + (g + 1) * width);
    std::ranges::partial_sort(group, group.begin() + 2, std::greater{});
    group_scores.push_back(round_fp32(group[0] + group[1]));
  }
  std::vector<int> experts;
  for (const int g : largest(first_numbers(gate.groups), group_scores, gate.kept_groups)) {
    for (std::ptrdiff_t e = g * width; e < (g + 1) * width; ++e) {
      experts.push_back(static_cast<int>(e));
    }
  }
  std::ranges::sort(experts);
  return experts;
}

// Scores of a token's experts, and their sum.
std::vector<double> chosen_scores(const Matrix& scores, const std::vector<int>& ids,
                                  const Gate& gate, std::size_t token) {
  const auto active = static_cast<std::size_t>(gate.active);
  std::vector<double> chosen;
  for (std::size_t j = 0; j < active; ++j) {
    chosen.push_back(scores(token, static_cast<std::size_t>(ids[token * active + j])));
  }
  return chosen;
}

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

Matrix gate_scores(const Matrix& logits, GateScore score) {
  Matrix scores = logits;
  for (std::size_t t = 0; t < logits.rows; ++t) {
    double sum = 0;
    for (std::size_t e = 0; e < logits.columns; ++e) sum += std::exp(logits(t, e));
    for (std::size_t e = 0; e < logits.columns; ++e) {
      scores(t, e) = score == GateScore::sigmoid ? 1 / (1 + std::exp(-logits(t, e)))
                                                 : std::exp(logits(t, e)) / sum;
    }
  }
  return scores;
}

std::vector<int> choose_experts(const Matrix& scores, const std::vector<double>& bias,
                                const Gate& gate) {
  std::vector<int> ids;
  for (std::size_t t = 0; t < scores.rows; ++t) {
    std::vector<double> biased(scores.columns);
    for (std::size_t e = 0; e < scores.columns; ++e) {
      biased[e] = round_fp32(scores(t, e) + (bias.empty() ? 0.0 : bias[e]));
    }
    const std::vector<int> chosen = largest(eligible_experts(biased, gate), biased, gate.active);
    ids.insert(ids.end(), chosen.begin(), chosen.end());
  }
  return ids;
}

Matrix gate_weights(const Matrix& scores, const std::vector<int>& ids, const Gate& gate) {
  Matrix weights(scores.rows, static_cast<std::size_t>(gate.active));
  for (std::size_t t = 0; t < scores.rows; ++t) {
    const std::vector<double> chosen = chosen_scores(scores, ids, gate, t);
    for (std::size_t j = 0; j < chosen.size(); ++j) {
      weights(t, j) = static_cast<double>(gate.scale) * chosen[j] / sum_of(chosen);
    }
  }
  return weights;
}

std::vector<int> expert_counts(const std::vector<int>& ids, int experts) {
  std::vector<int> counts(static_cast<std::size_t>(experts));
  for (const int id : ids) ++counts[static_cast<std::size_t>(id)];
  return counts;
}

Matrix gate_gradient(const Matrix& scores, const std::vector<int>& ids,
                     const Matrix& weight_gradients, const Gate& gate) {
  const auto active = static_cast<std::size_t>(gate.active);
  Matrix gradients(scores.rows, scores.columns);
  for (std::size_t t = 0; t < scores.rows; ++t) {
    const std::vector<double> chosen = chosen_scores(scores, ids, gate, t);
    const double sum = sum_of(chosen);
    // Of the scores: each weight is scale s_j / sum.
    std::vector<double> of_score(scores.columns);
    for (std::size_t j = 0; j < active; ++j) {
      for (std::size_t i = 0; i < active; ++i) {
        const double own = i == j ? 1 / sum : 0;
        of_score[static_cast<std::size_t>(ids[t * active + i])] += static_cast<double>(gate.scale) *
                                                                   weight_gradients(t, j) *
                                                                   (own - chosen[j] / (sum * sum));
      }
    }
    double mean = 0;
    for (std::size_t e = 0; e < scores.columns; ++e) mean += of_score[e] * scores(t, e);
    for (std::size_t e = 0; e < scores.columns; ++e) {
      const double s = scores(t, e);
      gradients(t, e) =
          gate.score == GateScore::sigmoid ? of_score[e] * s * (1 - s) : s * (of_score[e] - mean);
    }
  }
  return gradients;
}

}  // namespace fleetwright::gpu::reference
