#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "planner/output/charts/axis.hpp"
#include "planner/output/charts/charts.hpp"

namespace fleetwright {
namespace {

constexpr double width = 760, left = 300, right = 668, row_height = 25, bar_height = 17;
constexpr double panel_head = 26, panel_gap = 16;
// Below an eighth of the axis the steps between totals are hard to tell apart.
constexpr double new_axis = 8;

using Bars = std::span<const WaterfallBar>;

/// Totals that lie far apart begin panels of their own; the one they share stands in both.
std::vector<Bars> panels_of(Bars bars) {
  std::vector<std::size_t> totals;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (bars[i].total) totals.push_back(i);
  }
  std::vector<Bars> panels;
  std::size_t first = 0;
  for (std::size_t t = 0; t + 1 < totals.size(); ++t) {
    if (bars[totals[t + 1]].usd < new_axis * bars[totals[t]].usd) continue;
    if (totals[t] > first) panels.push_back(bars.subspan(first, totals[t] + 1 - first));
    first = totals[t];
  }
  panels.push_back(bars.subspan(first));
  return panels;
}

/// Where a bar begins and ends.
struct Stretch {
  double from = 0;
  double to = 0;
};

std::vector<Stretch> stretches_of(Bars bars) {
  std::vector<Stretch> stretches;
  double at = 0;
  for (const WaterfallBar& bar : bars) {
    stretches.push_back(bar.total ? Stretch{0, bar.usd} : Stretch{at, at + bar.usd});
    at = stretches.back().to;
  }
  return stretches;
}

std::string_view colour_of(const WaterfallBar& bar) {
  return chart_colour(bar.total ? "blue" : bar.usd < 0 ? "teal" : "rust");
}

double draw_panel(Figure& figure, Bars bars, double top) {
  const std::vector<Stretch> stretches = stretches_of(bars);
  double low = 0;
  double high = 0;
  for (const Stretch& s : stretches) {
    low = std::min({low, s.from, s.to});
    high = std::max({high, s.from, s.to});
  }
  const Axis axis(low, high, left, right);
  const double bottom = top + panel_head + row_height * static_cast<double>(bars.size());
  for (const double tick : axis.ticks(5)) {
    figure.line(axis.at(tick), top + panel_head - 4, axis.at(tick), bottom,
                tick == 0 ? chart_ink : "#d9d9d9");
    figure.text(axis.at(tick), top + panel_head - 9, short_usd(tick),
                {.anchor = Anchor::middle, .size = 12, .fill = chart_muted});
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double y = top + panel_head + row_height * static_cast<double>(i);
    const auto [from, to] = std::minmax(stretches[i].from, stretches[i].to);
    figure.text(left - 10, y + bar_height - 3, shortened(bars[i].name, 44),
                {.anchor = Anchor::end, .size = 12.5, .bold = bars[i].total});
    figure.rect(axis.at(from), y + 1, std::max(axis.at(to) - axis.at(from), 1.5), bar_height,
                colour_of(bars[i]), fmt::format("{}: {}", bars[i].name, short_usd(bars[i].usd)));
    if (i + 1 < bars.size()) {
      figure.line(axis.at(stretches[i].to), y + 1 + bar_height, axis.at(stretches[i].to),
                  y + row_height + 1, chart_muted, 1);
    }
    const std::string sign = !bars[i].total && bars[i].usd > 0 ? "+" : "";
    figure.text(width, y + bar_height - 3, sign + short_usd(bars[i].usd),
                {.anchor = Anchor::end, .size = 12.5, .bold = bars[i].total});
  }
  return bottom + panel_gap;
}

}  // namespace

std::string waterfall_chart(const ChartHead& head, const std::vector<WaterfallBar>& bars) {
  const std::vector<Bars> panels = panels_of(bars);
  double height = 0;
  for (const Bars& p : panels) {
    height += panel_head + row_height * static_cast<double>(p.size()) + panel_gap;
  }
  Figure figure(head, width, height);
  double top = 0;
  for (const Bars& p : panels) top = draw_panel(figure, p, top);
  return std::move(figure).finish();
}

}  // namespace fleetwright
