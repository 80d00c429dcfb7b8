#include "sim/kernel_speeds.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/random.hpp"

namespace fleetwright {
namespace {

// Streams of the seed. Draws of stretches are hashes and share the rest.
constexpr std::uint64_t clock_stream = 0xc10c000000000000ULL;

// Beyond, a draw is cut: one in 16,000.
constexpr double most_deviations = 4.0;

/// A log-normal variable of mean 1 at so many deviations of its logarithm.
double log_normal(double deviation, double z) {
  return std::exp(deviation * z - deviation * deviation / 2);
}

/// The largest of `count` standard normal variables, by the inverse of its distribution.
double largest_normal(int count, double uniform) {
  const double above = -std::expm1(std::log(uniform) / count);
  const double largest = 2 * std::min(1.0 - 1e-16, above);
  return std::numbers::sqrt2 * boost::math::erfc_inv(largest);
}

}  // namespace

KernelSpeeds::KernelSpeeds(const Variation& variation, const ColumnLayout& layout,
                           const std::vector<ColumnPart>& parts, int ranks, int gpus_per_node)
    : variation_(variation), ranks_(ranks), width_(layout.width) {
  for (const ColumnPart& part : parts) {
    for (int rank = 0; rank < ranks; ++rank) {
      std::vector<double> slowness;
      const int first = layout.gpu_in(part.column, rank * layout.stage_ranks);
      for (int gpu = first; gpu < first + layout.width; ++gpu) {
        double slow = 1;
        if (variation.clock_spread > 0) {
          Random random(variation.seed, clock_stream + static_cast<std::uint64_t>(gpu));
          slow = log_normal(variation.clock_spread, random.normal());
        }
        for (const SlowNode& node : variation.slow_nodes) {
          if (node.node == gpu / gpus_per_node) slow *= node.factor;
        }
        slowness.push_back(slow);
      }
      std::ranges::sort(slowness, std::ranges::greater{});
      if (slowness.front() == slowness.back()) slowness.resize(1);
      slowness_.push_back(std::move(slowness));
    }
  }
}

double KernelSpeeds::factor(std::size_t part, int rank, std::uint64_t draw) const {
  const std::vector<double>& slowness =
      slowness_[part * static_cast<std::size_t>(ranks_) + static_cast<std::size_t>(rank)];
  if (variation_.kernel_jitter == 0) return slowness.front();
  if (slowness.size() > 1) return slowest_of(slowness, draw);
  Random random(variation_.seed, draw);
  const double z = std::min(most_deviations, largest_normal(width_, random.uniform()));
  return slowness.front() * log_normal(variation_.kernel_jitter, z);
}

double KernelSpeeds::slowest_of(const std::vector<double>& slowness, std::uint64_t draw) const {
  Random random(variation_.seed, draw);
  const double most = log_normal(variation_.kernel_jitter, most_deviations);
  double slowest = 0;
  for (const double slow : slowness) {
    if (slow * most <= slowest) break;  // none of the rest can be slower
    const double z = std::min(most_deviations, random.normal());
    slowest = std::max(slowest, slow * log_normal(variation_.kernel_jitter, z));
  }
  return slowest;
}

}  // namespace fleetwright
