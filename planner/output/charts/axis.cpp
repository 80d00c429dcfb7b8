#include "planner/output/charts/axis.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

namespace fleetwright {
namespace {

constexpr std::array<double, 3> round_steps{1, 2, 5};

std::vector<double> linear_ticks(double low, double high, int count) {
  const double raw = (high - low) / count;
  const double decade = std::pow(10, std::floor(std::log10(raw)));
  double step = 10 * decade;
  for (const double s : round_steps) {
    if (s * decade >= raw) {
      step = s * decade;
      break;
    }
  }
  std::vector<double> ticks;
  const double first = std::ceil(low / step);
  for (double n = first; n * step <= high * (1 + 1e-9) + 1e-12; ++n) ticks.push_back(n * step);
  return ticks;
}

std::vector<double> logarithmic_ticks(double low, double high, int count) {
  if (high < 5 * low) return linear_ticks(low, high, count);  // 1, 2, 5 would be one or two
  const bool decades_alone = std::log10(high / low) > count / 3.0;
  std::vector<double> ticks;
  for (double d = std::floor(std::log10(low)); d <= std::ceil(std::log10(high)); ++d) {
    for (const double s : round_steps) {
      const double value = s * std::pow(10, d);
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      if (s == 1 || !decades_alone) ticks.push_back(value);
    }
  }
  return ticks;
}

}  // namespace

Axis::Axis(double low, double high, double from, double to, Scale scale)
    : low_(low), high_(high), from_(from), to_(to), scale_(scale) {
  if (high_ > low_) return;
  high_ = scale == Scale::logarithmic ? low_ * 2 : low_ + (low_ == 0 ? 1 : std::abs(low_));
}

double Axis::at(double value) const {
  const double share = scale_ == Scale::linear ? (value - low_) / (high_ - low_)
                                               : std::log(value / low_) / std::log(high_ / low_);
  return from_ + share * (to_ - from_);
}

std::vector<double> Axis::ticks(int count) const {
  return scale_ == Scale::linear ? linear_ticks(low_, high_, count)
                                 : logarithmic_ticks(low_, high_, count);
}

std::string short_usd(double usd) {
  constexpr std::array<std::string_view, 5> units{"", " K", " M", " B", " T"};
  double value = std::abs(usd);
  std::size_t unit = 0;
  // What would be rounded to 1000 belongs to the next unit.
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  const int decimals = value >= 100 || value == 0 ? 0 : value >= 10 ? 1 : 2;
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  if (decimals > 0) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  return fmt::format("{}${}{}", usd < 0 ? "-" : "", digits, units[unit]);
}

}  // namespace fleetwright
