#include "planner/sweep/sweep_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/core/toml_print.hpp"
#include "sim/random.hpp"

namespace fleetwright {
namespace {

using Values = std::vector<std::string>;  // TOML

constexpr Range<double> any_number{-1e300, 1e300};

bool is_path(std::string_view key) {
  return !key.empty() && key.front() != '.' && key.back() != '.' &&
         key.find("..") == std::string_view::npos && key.find('=') == std::string_view::npos;
}

std::optional<std::string> read_key(TomlTable& table) {
  auto key = table.text("key");
  table.require("key", "\"strategy.pp\"");
  if (key && !is_path(*key)) {
    table.error("key", fmt::format("'{}' is no path of a key", *key), "as in \"strategy.pp\"");
    return std::nullopt;
  }
  return key;
}

// The items of an array that must have some.
std::optional<TomlArray> read_items(TomlTable& table, std::string_view key) {
  const TomlValue* value = table.value(key);
  if (value == nullptr) return std::nullopt;
  const auto* array = std::get_if<TomlArray>(&value->data);
  if (array == nullptr || array->empty()) {
    table.error(key, table.path_of(key) + " must be an array of at least one value");
    return std::nullopt;
  }
  return *array;
}

/// How numbers of a range or a draw are written.
struct Notation {
  bool integer = false;
  std::string unit;

  [[nodiscard]] std::string text(double number) const {
    const std::string digits =
        integer ? fmt::format("{}", std::llround(number)) : print_toml(TomlValue{number, {}});
    if (unit.empty()) return digits;
    return print_toml(TomlValue{digits + " " + unit, {}});
  }
};

/// The two ends of a range or a draw, in order.
struct Interval {
  double from = 0;
  double to = 0;
  Notation notation;
  bool logarithmic = false;
};

bool is_integer(TomlTable& table, std::string_view key) {
  const TomlValue* value = table.value(key);
  return value == nullptr || std::holds_alternative<std::int64_t>(value->data);
}

std::optional<Interval> read_interval(TomlTable& table) {
  const auto from = table.number("from", any_number);
  const auto to = table.number("to", any_number);
  table.require("from", "1");
  table.require("to", "8");
  const auto scale = table.choice("scale", {"linear", "log"});
  const auto integer = table.boolean("integer");
  Interval out;
  out.notation.unit = table.text("unit").value_or("");
  if (!from || !to) return std::nullopt;
  out.from = *from;
  out.to = *to;
  out.logarithmic = scale == "log";
  out.notation.integer = integer.value_or(false);
  if (out.to <= out.from) {
    table.error("to", fmt::format("to = {} must be above from = {}", out.to, out.from));
    return std::nullopt;
  }
  if (out.logarithmic && out.from <= 0) {
    table.error("from", "a logarithmic scale begins above zero");
    return std::nullopt;
  }
  if (out.notation.integer && std::max(std::abs(out.from), std::abs(out.to)) > 9e15) {
    table.error("integer", "such integers cannot be told apart");
    return std::nullopt;
  }
  return out;
}

double between(const Interval& in, double share) {
  return in.logarithmic ? in.from * std::pow(in.to / in.from, share)
                        : in.from + share * (in.to - in.from);
}

// From one end to the other by `next`; the last step may miss the end by a rounding error.
template <typename Next>
std::optional<Values> walk(TomlTable& table, const Interval& in, Next next) {
  const double end = in.to + 1e-9 * std::max(std::abs(in.from), std::abs(in.to));
  Values out;
  for (double x = in.from; x <= end; x = next(out.size())) {
    if (std::ssize(out) >= most_cases) {
      table.error("to", fmt::format("more than {} values", most_cases));
      return std::nullopt;
    }
    out.push_back(in.notation.text(x));
  }
  return out;
}

std::optional<Values> read_range(TomlTable& table) {
  auto in = read_interval(table);
  const auto step = table.number("step", any_number);
  const auto factor = table.number("factor", any_number);
  const auto count = table.integer("count", {2, most_cases});
  const int ways = table.has("step") + table.has("factor") + table.has("count");
  if (ways != 1) {
    table.error("from", "a range has one of step, factor and count");
    return std::nullopt;
  }
  if (!in) return std::nullopt;
  if (!table.has("integer")) {
    in->notation.integer = !count && is_integer(table, "from") && is_integer(table, "step") &&
                           is_integer(table, "factor");
  }
  if (step) {
    if (*step <= 0) {
      table.error("step", "step must be above zero");
      return std::nullopt;
    }
    return walk(table, *in,
                [&](std::size_t i) { return in->from + static_cast<double>(i) * *step; });
  }
  if (factor) {
    if (*factor <= 1 || in->from <= 0) {
      table.error("factor", "a factor is above 1, and its range begins above zero");
      return std::nullopt;
    }
    return walk(table, *in, [&](std::size_t i) {
      return in->from * std::pow(*factor, static_cast<double>(i));
    });
  }
  if (!count) return std::nullopt;
  Values out;
  for (std::int64_t i = 0; i < *count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(*count - 1);
    out.push_back(in->notation.text(between(*in, share)));
  }
  // Rounding to integers can meet one twice.
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::optional<SweepAxis> read_zip(TomlTable& table) {
  const auto keys = table.texts("keys");
  const auto items = read_items(table, "values");
  if (!table.has("values")) table.require("values", "[[1, 2], [2, 1]]");
  if (!keys || !items) return std::nullopt;
  if (keys->empty() || !std::ranges::all_of(*keys, is_path)) {
    table.error("keys", "keys are paths, as in [\"strategy.pp\", \"strategy.dp\"]");
    return std::nullopt;
  }
  SweepAxis axis{*keys, {}};
  for (const TomlValue& item : *items) {
    const auto* point = std::get_if<TomlArray>(&item.data);
    if (point == nullptr || point->size() != keys->size()) {
      table.error("values",
                  fmt::format("each point needs a value for each of the {} keys, in an array",
                              keys->size()));
      return std::nullopt;
    }
    Values values;
    for (const TomlValue& v : *point) values.push_back(print_toml(v));
    axis.points.push_back(std::move(values));
  }
  return axis;
}

std::optional<Values> read_values(TomlTable& table) {
  const auto items = read_items(table, "values");
  if (!items) return std::nullopt;
  Values out;
  for (const TomlValue& v : *items) out.push_back(print_toml(v));
  return out;
}

/// One key of a sample: values to choose from, or an interval.
struct Draw {
  std::string key;
  Values values;
  Interval interval;

  [[nodiscard]] std::string at(double uniform) const {
    if (values.empty()) return interval.notation.text(between(interval, uniform));
    const auto n = static_cast<double>(values.size());
    const auto i = static_cast<std::size_t>(std::ceil(uniform * n) - 1);
    return values[std::min(i, values.size() - 1)];
  }
};

std::optional<Draw> read_draw(TomlTable table) {
  Draw draw;
  auto key = read_key(table);
  bool good = key.has_value();
  draw.key = key.value_or("");
  if (table.has("values")) {
    auto values = read_values(table);
    good = good && values.has_value();
    draw.values = values.value_or(Values{});
  } else {
    auto interval = read_interval(table);
    good = good && interval.has_value();
    draw.interval = interval.value_or(Interval{});
  }
  table.refuse_unknown_keys();
  if (!good) return std::nullopt;
  return draw;
}

}  // namespace

std::optional<SweepAxis> read_axis(TomlTable table) {
  std::optional<SweepAxis> axis;
  if (table.has("keys")) {
    axis = read_zip(table);
  } else {
    const auto key = read_key(table);
    const auto values = table.has("values") ? read_values(table) : read_range(table);
    if (key && values) {
      axis = SweepAxis{{*key}, {}};
      for (const std::string& v : *values) axis->points.push_back({v});
    }
  }
  table.refuse_unknown_keys();
  return axis;
}

std::optional<SweepAxis> read_sample(TomlTable table) {
  const auto count = table.integer("count", {1, most_cases});
  const auto seed = table.integer("seed", {0, 1'000'000'000});
  table.require("count", "100");
  table.require("seed", "1");
  std::vector<Draw> draws;
  bool good = count.has_value() && seed.has_value();
  for (TomlTable& t : table.tables("draw")) {
    auto draw = read_draw(std::move(t));
    good = good && draw.has_value();
    if (draw) draws.push_back(std::move(*draw));
  }
  if (draws.empty() && good) {
    table.error("draw", "a sample needs at least one [[sample.draw]]");
    good = false;
  }
  table.refuse_unknown_keys();
  if (!good) return std::nullopt;
  SweepAxis axis;
  for (const Draw& d : draws) axis.keys.push_back(d.key);
  // A stream a key, so that another key does not move the first one's draws.
  std::vector<Random> streams;
  for (std::size_t k = 0; k < draws.size(); ++k) {
    streams.emplace_back(static_cast<std::uint64_t>(*seed), k);
  }
  for (std::int64_t i = 0; i < *count; ++i) {
    Values point;
    for (std::size_t k = 0; k < draws.size(); ++k)
      point.push_back(draws[k].at(streams[k].uniform()));
    axis.points.push_back(std::move(point));
  }
  return axis;
}

}  // namespace fleetwright
