#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

// The error of these is how many elements are wrong, the bound 0.

/// For what is moved, counted or packed and not computed.
template <typename T>
[[nodiscard]] CheckResult compare_exactly(std::string what, const std::vector<T>& got,
                                          const std::vector<T>& expected) {
  double wrong = got.size() == expected.size() ? 0 : 1;
  for (std::size_t i = 0; i < got.size() && i < expected.size(); ++i) {
    if (got[i] != expected[i]) ++wrong;
  }
  return {std::move(what), wrong, 0};
}

/// For what is computed and then rounded to a format: got must lie between the roundings of the
/// expected value less and plus the relative `tolerance`, so that only values near a tie may round
/// either way. NaN where NaN is expected.
[[nodiscard]] CheckResult compare_rounded(std::string what, const std::vector<double>& got,
                                          const std::vector<double>& expected, double tolerance,
                                          double (*round)(double));

}  // namespace fleetwright::gpu
