#include "planner/sweep/store_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "models/core/error.hpp"
#include "models/core/suggest.hpp"

namespace fleetwright {
namespace {

struct Measure {
  double number = 0;
  std::string unit;
};

// "200 Gbps" is 200 and " Gbps".
std::optional<Measure> measure_of(const StoreCell& cell) {
  Measure out;
  const char* const end = cell.text.data() + cell.text.size();
  const auto [rest, code] = std::from_chars(cell.text.data(), end, out.number);
  if (code != std::errc() || !std::isfinite(out.number)) return std::nullopt;
  out.unit.assign(rest, end);
  if (!out.unit.empty() && (cell.kind == StoreCell::Kind::number || out.unit.front() != ' ')) {
    return std::nullopt;
  }
  return out;
}

std::size_t column_of(const StoreTable& table, const std::string& name) {
  const auto it = std::ranges::find(table.columns, name);
  if (it == table.columns.end()) {
    throw Error(fmt::format("no case has '{}'; {}", name, did_you_mean(name, table.columns)));
  }
  return static_cast<std::size_t>(it - table.columns.begin());
}

// The unit that all texts of a column share; nothing if they are not numbers of one unit.
std::optional<std::string> unit_of(const StoreTable& table, std::size_t column) {
  std::optional<std::string> unit;
  for (const auto& row : table.rows) {
    if (row[column].kind == StoreCell::Kind::null) continue;
    const auto measure = measure_of(row[column]);
    if (!measure || (unit && *unit != measure->unit)) return std::nullopt;
    unit = measure->unit;
  }
  return unit;
}

std::string title(const std::string& name, const std::string& unit) {
  return unit.empty() ? name : fmt::format("{} in{}", name, unit);
}

// Series in the order in which they come.
PlotSeries& series_of(Plot& plot, const std::string& name) {
  const auto it = std::ranges::find(plot.series, name, &PlotSeries::name);
  return it == plot.series.end() ? plot.series.emplace_back(PlotSeries{name, {}}) : *it;
}

double word_at(Plot& plot, const std::string& word) {
  const auto it = std::ranges::find(plot.x_words, word);
  if (it == plot.x_words.end()) plot.x_words.push_back(word);
  return static_cast<double>(std::ranges::find(plot.x_words, word) - plot.x_words.begin());
}

}  // namespace

Plot plot_of(const StoreTable& table, const PlotRequest& request) {
  const std::size_t x = column_of(table, request.x);
  const std::size_t y = column_of(table, request.y);
  const auto x_unit = unit_of(table, x);
  const auto y_unit = unit_of(table, y);
  if (!y_unit) throw Error(fmt::format("'{}' is no number that can be drawn", request.y));
  Plot plot;
  plot.x_title = title(request.x, x_unit.value_or(""));
  plot.y_title = title(request.y, *y_unit);
  plot.log_x = request.log_x && x_unit.has_value();
  plot.log_y = request.log_y;
  for (const auto& row : table.rows) {
    const auto height = measure_of(row[y]);
    const auto place = measure_of(row[x]);
    if (!height || row[x].kind == StoreCell::Kind::null) continue;
    if ((plot.log_y && height->number <= 0) || (plot.log_x && place->number <= 0)) continue;
    const std::string name =
        request.series.empty() ? "" : row[column_of(table, request.series)].text;
    PlotPoint point{x_unit ? place->number : word_at(plot, row[x].text), height->number, ""};
    point.label = fmt::format("{}{}: {} = {}, {} = {}", name.empty() ? "case" : name,
                              name.empty() ? " " + row[column_of(table, "number")].text : "",
                              request.x, row[x].text, request.y, row[y].text);
    series_of(plot, name).points.push_back(std::move(point));
  }
  if (plot.series.empty()) throw Error("no case has both numbers to draw");
  return plot;
}

}  // namespace fleetwright
