#include "models/core/quantity.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <type_traits>

namespace fleetwright {
namespace {

template <typename A, typename B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <typename A, typename B>
concept Comparable = requires(A a, B b) {
  a < b;
};

TEST(Quantity, DimensionsFollowTheArithmetic) {
  static_assert(std::is_same_v<decltype(80_GiB / 3.35_TBps), Seconds>);
  static_assert(std::is_same_v<decltype(3.35_TBps * 2_s), Bytes>);
  static_assert(std::is_same_v<decltype(Joules{1} / 1_s), Watts>);
  static_assert(std::is_same_v<decltype(1.0 / 2_s), Hertz>);
  static_assert(std::is_same_v<decltype(1_USD / 1_h), UsdPerSecond>);
  static_assert(std::is_same_v<decltype(80_GB / 40_GB), double>);
  EXPECT_EQ((100_GB / 50_GBps).si(), 2.0);
  EXPECT_EQ(80_GB / 40_GB, 2.0);
}

TEST(Quantity, MixedDimensionsDoNotCompile) {
  static_assert(Addable<Bytes, Bytes>);
  static_assert(!Addable<Bytes, Seconds>);
  static_assert(!Addable<Bytes, double>);
  static_assert(!Comparable<Flop, FlopPerSecond>);
  static_assert(!std::is_convertible_v<double, Seconds>);
  static_assert(!std::is_convertible_v<Seconds, double>);
}

TEST(Quantity, IsAPlainDouble) {
  static_assert(sizeof(Seconds) == sizeof(double));
  static_assert(std::is_trivially_copyable_v<Seconds>);
  EXPECT_EQ(Seconds{}.si(), 0.0);
}

TEST(Quantity, LiteralsHaveTheirFactors) {
  EXPECT_EQ((1_GiB).si(), 1073741824.0);
  EXPECT_EQ((1_GB).si(), 1e9);
  EXPECT_EQ((400_Gbps).si(), 50e9);
  EXPECT_EQ((1.5_ms).si(), 1.5e-3);
  EXPECT_EQ((2_h).si(), 7200.0);
}

TEST(Quantity, CompoundArithmetic) {
  Seconds t = 1_s;
  t += 2_s;
  t *= 4.0;
  t -= 2_s;
  t /= 5.0;
  EXPECT_EQ(t, 2_s);
  EXPECT_EQ(-t, Seconds{-2});
  EXPECT_LT(t, 3_s);
  EXPECT_EQ(2.0 * t, t * 2.0);
}

TEST(Quantity, IsFiniteOnlyIfItsValueIs) {
  EXPECT_TRUE(is_finite(1_s));
  EXPECT_FALSE(is_finite(Seconds{std::numeric_limits<double>::infinity()}));
  EXPECT_FALSE(is_finite(Seconds{std::numeric_limits<double>::quiet_NaN()}));
}

}  // namespace
}  // namespace fleetwright
