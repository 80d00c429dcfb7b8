#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace fleetwright {

/// Random numbers that are the same on every machine (those of <random>'s distributions are not):
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). Each stream of a seed is a sequence of its own.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) : state_(mix(seed) ^ mix(~stream)) {}

  /// Above 0, at most 1.
  double uniform() {
    constexpr double unit = 1.0 / 9007199254740992.0;  // 2^-53
    return (static_cast<double>(next() >> 11) + 1.0) * unit;
  }
  /// With mean 1.
  double exponential() { return -std::log(uniform()); }
  /// With mean 0 and deviation 1 (Box and Muller 1958).
  double normal() {
    const double radius = std::sqrt(2 * exponential());
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15ULL); }

  std::uint64_t state_;
};

}  // namespace fleetwright
