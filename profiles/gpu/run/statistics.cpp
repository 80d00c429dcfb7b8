#include "profiles/gpu/run/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace fleetwright::gpu {
namespace {

double percentile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// Ranks l and n+1-l enclose the median unless fewer than l of n values fall on one side of it, as
// they do by chance like heads of n coins: the largest l whose two tails hold at most 5 %.
std::size_t enclosing_rank(std::size_t n) {
  double term = std::ldexp(1.0, -static_cast<int>(n));  // P(no heads)
  double tail = 0;
  std::size_t rank = 0;
  for (std::size_t heads = 0; heads < n / 2; ++heads) {
    tail += term;
    if (2 * tail > 0.05) break;
    rank = heads + 1;
    term *= static_cast<double>(n - heads) / static_cast<double>(heads + 1);
  }
  return rank;
}

}  // namespace

Summary summarize(std::span<const double> values) {
  Summary s;
  s.relative_error = std::numeric_limits<double>::infinity();
  if (values.empty()) return s;
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  s.count = static_cast<int>(sorted.size());
  s.median = percentile(sorted, 0.5);
  s.p10 = percentile(sorted, 0.1);
  s.p90 = percentile(sorted, 0.9);
  // Beyond 1,000 values 2^-n vanishes; the middle thousand of the ranks say enough.
  const std::size_t n = std::min<std::size_t>(sorted.size(), 1000);
  const std::size_t rank = enclosing_rank(n);
  if (rank > 0 && s.median > 0) {
    const double scale = static_cast<double>(sorted.size()) / static_cast<double>(n);
    const auto low = static_cast<std::size_t>(static_cast<double>(rank - 1) * scale);
    const double width = sorted[sorted.size() - 1 - low] - sorted[low];
    s.relative_error = width / 2 / s.median;
  }
  return s;
}

}  // namespace fleetwright::gpu
