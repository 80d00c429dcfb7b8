#pragma once

#include <cmath>
#include <compare>

namespace fleetwright {

/// A double in SI base units whose dimension is checked at compile time. The exponents are those of
/// second, byte, flop, joule, US dollar and token. Dimensionless results decay to double.
template <int T, int B, int F, int E, int C, int K>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double value_in_si) : value_(value_in_si) {}

  /// The value in the SI unit of the dimension (s, B, flop, J, USD, token and their products).
  [[nodiscard]] constexpr double si() const { return value_; }

  constexpr auto operator<=>(const Quantity&) const = default;

  constexpr Quantity operator-() const { return Quantity{-value_}; }
  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    value_ -= other.value_;
    return *this;
  }
  constexpr Quantity& operator*=(double factor) {
    value_ *= factor;
    return *this;
  }
  constexpr Quantity& operator/=(double divisor) {
    value_ /= divisor;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    return Quantity{a.value_ + b.value_};
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    return Quantity{a.value_ - b.value_};
  }
  friend constexpr Quantity operator*(Quantity a, double f) { return Quantity{a.value_ * f}; }
  friend constexpr Quantity operator*(double f, Quantity a) { return Quantity{a.value_ * f}; }
  friend constexpr Quantity operator/(Quantity a, double d) { return Quantity{a.value_ / d}; }

 private:
  double value_ = 0.0;
};

namespace detail {
template <int T, int B, int F, int E, int C, int K>
constexpr auto make_quantity(double value) {
  if constexpr (T == 0 && B == 0 && F == 0 && E == 0 && C == 0 && K == 0) {
    return value;
  } else {
    return Quantity<T, B, F, E, C, K>{value};
  }
}
}  // namespace detail

template <int T, int B, int F, int E, int C, int K, int T2, int B2, int F2, int E2, int C2, int K2>
constexpr auto operator*(Quantity<T, B, F, E, C, K> a, Quantity<T2, B2, F2, E2, C2, K2> b) {
  return detail::make_quantity<T + T2, B + B2, F + F2, E + E2, C + C2, K + K2>(a.si() * b.si());
}

template <int T, int B, int F, int E, int C, int K, int T2, int B2, int F2, int E2, int C2, int K2>
constexpr auto operator/(Quantity<T, B, F, E, C, K> a, Quantity<T2, B2, F2, E2, C2, K2> b) {
  return detail::make_quantity<T - T2, B - B2, F - F2, E - E2, C - C2, K - K2>(a.si() / b.si());
}

template <int T, int B, int F, int E, int C, int K>
constexpr auto operator/(double a, Quantity<T, B, F, E, C, K> b) {
  return detail::make_quantity<-T, -B, -F, -E, -C, -K>(a / b.si());
}

template <int T, int B, int F, int E, int C, int K>
[[nodiscard]] inline bool is_finite(Quantity<T, B, F, E, C, K> q) {
  return std::isfinite(q.si());
}

using Seconds = Quantity<1, 0, 0, 0, 0, 0>;
using Hertz = Quantity<-1, 0, 0, 0, 0, 0>;
using Bytes = Quantity<0, 1, 0, 0, 0, 0>;
using BytesPerSecond = Quantity<-1, 1, 0, 0, 0, 0>;
using Flop = Quantity<0, 0, 1, 0, 0, 0>;  // a count of operations, never a rate
using FlopPerSecond = Quantity<-1, 0, 1, 0, 0, 0>;
using Joules = Quantity<0, 0, 0, 1, 0, 0>;
using Watts = Quantity<-1, 0, 0, 1, 0, 0>;
using Usd = Quantity<0, 0, 0, 0, 1, 0>;
using UsdPerSecond = Quantity<-1, 0, 0, 0, 1, 0>;
using Tokens = Quantity<0, 0, 0, 0, 0, 1>;

inline namespace literals {
// NOLINTBEGIN(google-runtime-int): the parameter types of literal operators are fixed by the
// language
#define FLEETWRIGHT_LITERAL(suffix, type, factor)            \
  constexpr type operator""_##suffix(long double v) {        \
    return type{static_cast<double>(v) * (factor)};          \
  }                                                          \
  constexpr type operator""_##suffix(unsigned long long v) { \
    return type{static_cast<double>(v) * (factor)};          \
  }
FLEETWRIGHT_LITERAL(s, Seconds, 1.0)
FLEETWRIGHT_LITERAL(ms, Seconds, 1e-3)
FLEETWRIGHT_LITERAL(us, Seconds, 1e-6)
FLEETWRIGHT_LITERAL(h, Seconds, 3600.0)
FLEETWRIGHT_LITERAL(B, Bytes, 1.0)
FLEETWRIGHT_LITERAL(MB, Bytes, 1e6)
FLEETWRIGHT_LITERAL(GB, Bytes, 1e9)
FLEETWRIGHT_LITERAL(MiB, Bytes, 1048576.0)
FLEETWRIGHT_LITERAL(GiB, Bytes, 1073741824.0)
FLEETWRIGHT_LITERAL(GBps, BytesPerSecond, 1e9)
FLEETWRIGHT_LITERAL(TBps, BytesPerSecond, 1e12)
FLEETWRIGHT_LITERAL(Gbps, BytesPerSecond, 1e9 / 8.0)
FLEETWRIGHT_LITERAL(GFLOP, Flop, 1e9)
FLEETWRIGHT_LITERAL(TFLOP, Flop, 1e12)
FLEETWRIGHT_LITERAL(TFLOPps, FlopPerSecond, 1e12)
FLEETWRIGHT_LITERAL(USD, Usd, 1.0)
#undef FLEETWRIGHT_LITERAL
// NOLINTEND(google-runtime-int)
}  // namespace literals

}  // namespace fleetwright
