#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "planner/cost/cost_report.hpp"
#include "sim/random.hpp"

namespace fleetwright {

/// The value that a share `u` of all draws stays below: its median is the typical value, nothing is
/// below low or above high, and the density falls in a straight line from typical to both (two
/// half-triangles).
[[nodiscard]] double quantile(const ValueRange& range, double u);

/// Draws values of inputs. Those of one cause are joined by a Gaussian copula.
class InputSampler {
 public:
  InputSampler(const std::vector<CostInput>& inputs, std::uint64_t seed);

  /// The next sample; valid until the one after.
  [[nodiscard]] CostSample next();

 private:
  /// An input with its own source of chance.
  struct Stream {
    ValueRange range;
    double shared = 0;      // weight of the cause
    double own = 1;         // weight of itself
    std::size_t cause = 0;  // index into causes_, where shared is more than 0
    Random random;
  };
  std::vector<Stream> streams_;
  std::vector<Random> causes_;
  std::vector<double> shared_;  // of this sample, by cause
  std::vector<double> values_;
};

/// Of samples, which it reorders. They must not be empty.
[[nodiscard]] Percentiles percentiles_of(std::vector<double>& samples);

/// Fills in typical values, percentiles, groups and tornadoes of all scopes.
void evaluate(CostReport& report, std::uint64_t seed);

}  // namespace fleetwright
