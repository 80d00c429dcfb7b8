#include "models/core/format.hpp"

#include <fmt/core.h>

#include <cmath>
#include <string>

namespace fleetwright {
namespace {

struct Scale {
  double factor;
  const char* suffix;
};

// Four significant digits, or two decimals of hundreds where `cents`; without an exponent, and
// whole digits are never dropped.
std::string four_digits(double value, bool cents = false) {
  const double magnitude = std::abs(value);
  const int hundreds = cents ? 2 : 1;
  const int decimals = magnitude >= 1000  ? 0
                       : magnitude >= 100 ? hundreds
                       : magnitude >= 10  ? 2
                                          : 3;
  return fmt::format("{:.{}f}", value, decimals);
}

// In the largest unit of which there is at least one; a value that rounds up to one counts as one,
// so that 999,999 is 1.000 M and not 1000.0 K.
template <std::size_t N>
std::string scaled(double value, const Scale (&scales)[N], bool cents = false) {
  constexpr double rounding = 5e-5;
  const Scale* best = &scales[N - 1];
  for (const Scale& scale : scales) {
    if (std::abs(value) * (1 + rounding) >= scale.factor) {
      best = &scale;
      break;
    }
  }
  return four_digits(value / best->factor, cents) + best->suffix;
}

}  // namespace

std::string human(Seconds time) {
  constexpr Scale scales[] = {{86400.0, " days"}, {3600.0, " h"}, {1.0, " s"},
                              {1e-3, " ms"},      {1e-6, " us"},  {1e-9, " ns"}};
  if (time.si() == 0.0) return "0 s";
  if (time.si() >= 60.0 && time.si() < 3599.95) return fmt::format("{:.1f} s", time.si());
  return scaled(time.si(), scales);
}

std::string human(Bytes bytes) {
  constexpr double ki = 1024.0;
  constexpr Scale scales[] = {{ki * ki * ki * ki, " TiB"},
                              {ki * ki * ki, " GiB"},
                              {ki * ki, " MiB"},
                              {ki, " KiB"},
                              {1.0, " B"}};
  if (std::abs(bytes.si()) < ki) return fmt::format("{:.0f} B", bytes.si());
  return scaled(bytes.si(), scales);
}

std::string human(Usd money) {
  constexpr Scale scales[] = {{1e9, " B"}, {1e6, " M"}, {1e3, " K"}, {1.0, ""}};
  const std::string sign = money.si() < 0 ? "-$" : "$";
  const double magnitude = std::abs(money.si());
  // Below a thousand dollars to the cent, below one (energy, tokens) to a tenth of it.
  const int decimals = magnitude > 0 && magnitude < 1 ? 3 : 2;
  if (magnitude < 999.995) return fmt::format("{}{:.{}f}", sign, magnitude, decimals);
  return sign + scaled(magnitude, scales);
}

std::string human_count(double count) {
  constexpr Scale scales[] = {{1e12, " T"}, {1e9, " B"}, {1e6, " M"}, {1e3, " K"}, {1.0, ""}};
  if (std::abs(count) < 1e4 && count == std::floor(count)) return fmt::format("{:.0f}", count);
  return scaled(count, scales, std::abs(count) >= 1e3);
}

std::string signed_percent(double ratio_minus_1) {
  return fmt::format("{:+.1f} %", 100.0 * ratio_minus_1);
}

std::string six_digits(double value) {
  return fmt::format("{:.6g}", value + 0.0);  // -0 becomes 0
}

double twelve_digits(double value) { return std::stod(fmt::format("{:.12g}", value)); }

}  // namespace fleetwright
