#include "profiles/gpu/reference/attention.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/core/error.hpp"

namespace fleetwright::gpu::reference {
namespace {

// One query of one head: where its row of each tensor begins.
struct Row {
  std::size_t q = 0, o = 0, log_sum = 0;
  std::size_t batch = 0, kv_head = 0;
  std::size_t visible = 0;  // keys
};

template <typename F>
void for_each_row(const AttentionProblem& p, F f) {
  ensure(p.keys >= p.queries && p.heads % p.kv_heads == 0, "each query sees a key of its own head");
  for (std::size_t b = 0; b < p.batch; ++b) {
    for (std::size_t i = 0; i < p.queries; ++i) {
      for (std::size_t h = 0; h < p.heads; ++h) {
        const std::size_t row = (b * p.queries + i) * p.heads + h;
        f(Row{row * p.d_qk, row * p.d_v, (b * p.heads + h) * p.queries + i, b,
              h * p.kv_heads / p.heads, i + 1 + p.keys - p.queries});
      }
    }
  }
}

std::size_t key_row(const AttentionProblem& p, const Row& row, std::size_t key) {
  return (row.batch * p.keys + key) * p.kv_heads + row.kv_head;
}

double dot(const double* a, const double* b, std::size_t size) {
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += a[i] * b[i];
  return sum;
}

// The probabilities of the visible keys; gives the logarithm of the sum.
double softmax_row(const AttentionProblem& p, const Row& row, const std::vector<double>& q,
                   const std::vector<double>& k, std::vector<double>& probabilities) {
  probabilities.assign(row.visible, 0);
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < row.visible; ++j) {
    probabilities[j] = p.scale * dot(&q[row.q], &k[key_row(p, row, j) * p.d_qk], p.d_qk);
    largest = std::max(largest, probabilities[j]);
  }
  double sum = 0;
  for (double& x : probabilities) sum += x = std::exp(x - largest);
  for (double& x : probabilities) x /= sum;
  return largest + std::log(sum);
}

void add_scaled(double* to, const double* from, double factor, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] += factor * from[i];
}

}  // namespace

AttentionResult attention(const AttentionProblem& p, const std::vector<double>& q,
                          const std::vector<double>& k, const std::vector<double>& v) {
  AttentionResult result;
  result.o.assign(p.batch * p.queries * p.heads * p.d_v, 0);
  result.log_sum.assign(p.batch * p.heads * p.queries, 0);
  std::vector<double> probabilities;
  for_each_row(p, [&](const Row& row) {
    result.log_sum[row.log_sum] = softmax_row(p, row, q, k, probabilities);
    for (std::size_t j = 0; j < row.visible; ++j) {
      add_scaled(&result.o[row.o], &v[key_row(p, row, j) * p.d_v], probabilities[j], p.d_v);
    }
  });
  return result;
}

AttentionGradients attention_backward(const AttentionProblem& p, const std::vector<double>& q,
                                      const std::vector<double>& k, const std::vector<double>& v,
                                      const std::vector<double>& d_o) {
  AttentionGradients g;
  g.d_q.assign(q.size(), 0);
  g.d_k.assign(k.size(), 0);
  g.d_v.assign(v.size(), 0);
  std::vector<double> probabilities, d_probabilities;
  for_each_row(p, [&](const Row& row) {
    softmax_row(p, row, q, k, probabilities);
    d_probabilities.assign(row.visible, 0);
    for (std::size_t j = 0; j < row.visible; ++j) {
      const std::size_t value = key_row(p, row, j) * p.d_v;
      d_probabilities[j] = dot(&d_o[row.o], &v[value], p.d_v);
      add_scaled(&g.d_v[value], &d_o[row.o], probabilities[j], p.d_v);
    }
    const double mean = dot(probabilities.data(), d_probabilities.data(), row.visible);
    for (std::size_t j = 0; j < row.visible; ++j) {
      const double d_score = p.scale * probabilities[j] * (d_probabilities[j] - mean);
      const std::size_t key = key_row(p, row, j) * p.d_qk;
      add_scaled(&g.d_q[row.q], &k[key], d_score, p.d_qk);
      add_scaled(&g.d_k[key], &q[row.q], d_score, p.d_qk);
    }
  });
  return g;
}

}  // namespace fleetwright::gpu::reference
