#include "models/core/parse_units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include "models/core/suggest.hpp"

namespace fleetwright {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr double kib = 1024.0;
constexpr double mib = 1024.0 * kib;
constexpr double gib = 1024.0 * mib;
constexpr double tib = 1024.0 * gib;

constexpr std::array seconds_units{Unit{"s", 1.0},        Unit{"ms", 1e-3},
                                   Unit{"us", 1e-6},      Unit{"ns", 1e-9},
                                   Unit{"min", 60.0},     Unit{"h", 3600.0},
                                   Unit{"hours", 3600.0}, Unit{"d", 86400.0},
                                   Unit{"days", 86400.0}, Unit{"years", 365.25 * 86400.0}};
constexpr std::array hertz_units{Unit{"Hz", 1.0}, Unit{"MHz", 1e6}, Unit{"GHz", 1e9}};
constexpr std::array bytes_units{Unit{"B", 1.0},   Unit{"kB", 1e3},  Unit{"KB", 1e3},
                                 Unit{"MB", 1e6},  Unit{"GB", 1e9},  Unit{"TB", 1e12},
                                 Unit{"PB", 1e15}, Unit{"KiB", kib}, Unit{"MiB", mib},
                                 Unit{"GiB", gib}, Unit{"TiB", tib}};
constexpr std::array bandwidth_units{
    Unit{"B/s", 1.0},      Unit{"kB/s", 1e3},      Unit{"MB/s", 1e6},     Unit{"GB/s", 1e9},
    Unit{"TB/s", 1e12},    Unit{"GiB/s", gib},     Unit{"b/s", 0.125},    Unit{"Mbps", 0.125e6},
    Unit{"Gbps", 0.125e9}, Unit{"Tbps", 0.125e12}, Unit{"Mb/s", 0.125e6}, Unit{"Gb/s", 0.125e9},
    Unit{"Tb/s", 0.125e12}};
constexpr std::array flop_units{Unit{"FLOP", 1.0},   Unit{"GFLOP", 1e9},  Unit{"TFLOP", 1e12},
                                Unit{"PFLOP", 1e15}, Unit{"EFLOP", 1e18}, Unit{"ZFLOP", 1e21},
                                Unit{"YFLOP", 1e24}};
constexpr std::array flop_rate_units{Unit{"GFLOP/s", 1e9}, Unit{"TFLOP/s", 1e12},
                                     Unit{"PFLOP/s", 1e15}, Unit{"EFLOP/s", 1e18}};
constexpr std::array joules_units{Unit{"J", 1.0}, Unit{"kWh", 3.6e6}, Unit{"MWh", 3.6e9},
                                  Unit{"GWh", 3.6e12}};
constexpr std::array watts_units{Unit{"W", 1.0}, Unit{"kW", 1e3}, Unit{"MW", 1e6}, Unit{"GW", 1e9}};
constexpr std::array usd_units{Unit{"$", 1.0}, Unit{"$k", 1e3}, Unit{"$M", 1e6}, Unit{"$B", 1e9}};
constexpr std::array usd_rate_units{Unit{"$/s", 1.0}, Unit{"$/h", 1.0 / 3600.0},
                                    Unit{"$/day", 1.0 / 86400.0},
                                    Unit{"$/year", 1.0 / (365.25 * 86400.0)}};
constexpr std::array tokens_units{Unit{"tokens", 1.0}, Unit{"k tokens", 1e3}, Unit{"M tokens", 1e6},
                                  Unit{"B tokens", 1e9}, Unit{"T tokens", 1e12}};

template <typename Q>
struct Dimension;
#define FLEETWRIGHT_DIMENSION(type, table, text, word)   \
  template <>                                            \
  struct Dimension<type> {                               \
    static constexpr std::span<const Unit> units{table}; \
    static constexpr std::string_view example = text;    \
    static constexpr std::string_view name = word;       \
  };
FLEETWRIGHT_DIMENSION(Seconds, seconds_units, "19.9 s", "a time")
FLEETWRIGHT_DIMENSION(Hertz, hertz_units, "1980 MHz", "a frequency")
FLEETWRIGHT_DIMENSION(Bytes, bytes_units, "80 GiB", "an amount of data")
FLEETWRIGHT_DIMENSION(BytesPerSecond, bandwidth_units, "400 Gbps", "a bandwidth")
FLEETWRIGHT_DIMENSION(Flop, flop_units, "250 GFLOP", "a count of operations")
FLEETWRIGHT_DIMENSION(FlopPerSecond, flop_rate_units, "989.4 TFLOP/s", "a rate of operations")
FLEETWRIGHT_DIMENSION(Joules, joules_units, "12 MWh", "an energy")
FLEETWRIGHT_DIMENSION(Watts, watts_units, "700 W", "a power")
FLEETWRIGHT_DIMENSION(Usd, usd_units, "$1.5 M", "an amount of money")
FLEETWRIGHT_DIMENSION(UsdPerSecond, usd_rate_units, "$2.00 / h", "a price per time")
FLEETWRIGHT_DIMENSION(Tokens, tokens_units, "14.8 T tokens", "a count of tokens")
#undef FLEETWRIGHT_DIMENSION

// No quantity of a training run is larger: 1e30 is a thousand times the flop of the largest one.
constexpr double absurdly_large = 1e30;

std::string without_spaces(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\t') out += c;
  }
  return out;
}

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
  const std::string wanted = without_spaces(name);
  for (const Unit& unit : units) {
    if (without_spaces(unit.name) == wanted) return &unit;
  }
  return nullptr;
}

struct NumberAndUnit {
  double number = 0.0;
  std::string unit;
};

// Splits "$1.5 M" into 1.5 and "$M", "80 GiB" into 80 and "GiB".
std::optional<NumberAndUnit> split(std::string_view text) {
  const auto skip_spaces = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  };
  skip_spaces();
  const bool negative = text.starts_with("-$");
  if (negative) text.remove_prefix(1);
  const bool money = text.starts_with('$');
  if (money) text.remove_prefix(1);
  skip_spaces();
  double number = 0.0;
  const char* end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, number);
  if (status == std::errc::result_out_of_range) {
    // Too large, or so small that it is nothing: an exponent "e-" tells.
    const std::string_view digits(text.data(), static_cast<std::size_t>(rest - text.data()));
    const bool tiny =
        digits.find("e-") != std::string_view::npos || digits.find("E-") != std::string_view::npos;
    number = tiny ? 0.0 : digits.starts_with('-') ? -HUGE_VAL : HUGE_VAL;
  } else if (status != std::errc{}) {
    return std::nullopt;
  }
  // Spaces may stand before and in the unit, never in the number: "1 0 GB" is not 10 GB.
  const std::string unit = without_spaces({rest, static_cast<std::size_t>(end - rest)});
  return NumberAndUnit{negative ? -std::abs(number) : number, (money ? "$" : "") + unit};
}

std::vector<std::string> unit_names(std::span<const Unit> units) {
  std::vector<std::string> names;
  for (const Unit& unit : units) names.emplace_back(unit.name);
  return names;
}

UnitError unknown_unit(std::string_view text, const NumberAndUnit& parts,
                       std::span<const Unit> units, std::string_view dimension) {
  const std::vector<std::string> names = unit_names(units);
  if (parts.unit.ends_with("ps")) {
    // "GBps" is GB/s; the nearest word would be Gbps, an eighth of it.
    const std::string per_second = parts.unit.substr(0, parts.unit.size() - 2) + "/s";
    if (find_unit(units, per_second) != nullptr) {
      return {
          fmt::format("unknown unit '{}' in '{}', which must be {}", parts.unit, text, dimension),
          fmt::format("did you mean '{}'?", per_second)};
    }
  }
  for (const std::string& name : names) {
    // The letters are right and only their case is not: GB against Gb, GiB against gib.
    if (name.size() == parts.unit.size() && nearest_word(parts.unit, {name}) == name) {
      return {
          fmt::format("unknown unit '{}' in '{}', which must be {}", parts.unit, text, dimension),
          did_you_mean(parts.unit, names)};
    }
  }
  return {fmt::format("unknown unit '{}' in '{}', which must be {}", parts.unit, text, dimension),
          fmt::format("units of {}: {}", dimension, fmt::join(names, ", "))};
}

}  // namespace

template <typename Q>
Parsed<Q> parse_quantity(std::string_view text) {
  using D = Dimension<Q>;
  const std::optional<NumberAndUnit> parts = split(text);
  if (!parts) {
    return UnitError{fmt::format("'{}' is not {}: it does not start with a number", text, D::name),
                     fmt::format("write it as \"{}\"", D::example)};
  }
  if (parts->unit.empty()) {
    return UnitError{fmt::format("'{}' has no unit, and it must be {}", text, D::name),
                     fmt::format("write it with a unit, as in \"{}\"", D::example)};
  }
  const Unit* unit = find_unit(D::units, parts->unit);
  if (unit == nullptr) return unknown_unit(text, *parts, D::units, D::name);
  const double value = parts->number * unit->factor;
  if (std::isnan(value)) return UnitError{fmt::format("'{}' is not a number", text), ""};
  if (value < 0.0) {
    return UnitError{fmt::format("'{}' is negative, and {} cannot be", text, D::name), ""};
  }
  if (value > absurdly_large) {
    return UnitError{fmt::format("'{}' is absurdly large for {}", text, D::name),
                     "check the exponent and the unit"};
  }
  return Q{value + 0.0};  // -0 becomes 0
}

template <typename Q>
std::string_view example_of() {
  return Dimension<Q>::example;
}

#define FLEETWRIGHT_INSTANTIATE(type)                           \
  template Parsed<type> parse_quantity<type>(std::string_view); \
  template std::string_view example_of<type>();
FLEETWRIGHT_INSTANTIATE(Seconds)
FLEETWRIGHT_INSTANTIATE(Hertz)
FLEETWRIGHT_INSTANTIATE(Bytes)
FLEETWRIGHT_INSTANTIATE(BytesPerSecond)
FLEETWRIGHT_INSTANTIATE(Flop)
FLEETWRIGHT_INSTANTIATE(FlopPerSecond)
FLEETWRIGHT_INSTANTIATE(Joules)
FLEETWRIGHT_INSTANTIATE(Watts)
FLEETWRIGHT_INSTANTIATE(Usd)
FLEETWRIGHT_INSTANTIATE(UsdPerSecond)
FLEETWRIGHT_INSTANTIATE(Tokens)
#undef FLEETWRIGHT_INSTANTIATE

}  // namespace fleetwright
