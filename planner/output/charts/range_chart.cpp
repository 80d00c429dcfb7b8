#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "planner/output/charts/axis.hpp"
#include "planner/output/charts/charts.hpp"

namespace fleetwright {
namespace {

constexpr double width = 760, left = 300, right = 745, top = 26, row_height = 44, foot = 64;

/// Whole half-decades around all that is drawn.
Axis axis_of(const std::vector<RangeRow>& rows) {
  double low = HUGE_VAL;
  double high = 0;
  const auto take = [&](double usd) {
    if (usd <= 0) return;
    low = std::min(low, usd);
    high = std::max(high, usd);
  };
  for (const RangeRow& row : rows) {
    if (row.ours) {
      take(row.ours->p10);
      take(row.ours->p90);
    }
    for (const auto& p : row.published) take(p.usd);
  }
  if (high == 0) low = high = 1;
  return {low / 1.4, high * 1.4, left, right, Axis::Scale::logarithmic};
}

void draw_ours(Figure& figure, const Axis& axis, const Percentiles& p, double y) {
  if (p.p10 <= 0) return;
  const std::string hint =
      fmt::format("P10 {}, P50 {}, P90 {}", short_usd(p.p10), short_usd(p.p50), short_usd(p.p90));
  const double from = axis.at(p.p10);
  figure.rect(from, y - 7, std::max(axis.at(p.p90) - from, 3.0), 14, chart_colour("blue"), hint);
  figure.line(axis.at(p.p50), y - 10, axis.at(p.p50), y + 10, chart_ink, 2);
}

void draw_legend(Figure& figure, double y) {
  constexpr double from = 150;
  figure.rect(from, y - 9, 30, 12, chart_colour("blue"));
  figure.line(from + 15, y - 12, from + 15, y + 6, chart_ink, 2);
  figure.text(from + 38, y + 2, "our P10 to P90, P50", {.size = 12});
  figure.diamond(from + 195, y - 3, 7, chart_colour("teal"));
  figure.text(from + 207, y + 2, "published, inside", {.size = 12});
  figure.diamond(from + 335, y - 3, 7, chart_colour("rust"));
  figure.text(from + 347, y + 2, "published, outside our range", {.size = 12});
}

}  // namespace

std::string range_chart(const ChartHead& head, const std::vector<RangeRow>& rows) {
  const double bottom = top + row_height * static_cast<double>(rows.size());
  Figure figure(head, width, bottom + foot);
  const Axis axis = axis_of(rows);
  for (const double tick : axis.ticks(9)) {
    figure.line(axis.at(tick), top - 6, axis.at(tick), bottom, "#d9d9d9");
    figure.text(axis.at(tick), bottom + 16, short_usd(tick),
                {.anchor = Anchor::middle, .size = 12});
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const RangeRow& row = rows[r];
    const double y = top + row_height * (static_cast<double>(r) + 0.5);
    figure.text(0, y - 3, shortened(row.name, 40), {.bold = true});
    figure.text(0, y + 14,
                row.ours
                    ? fmt::format("{} to {}", short_usd(row.ours->p10), short_usd(row.ours->p90))
                    : "no basis in this scenario",
                {.size = 12, .fill = chart_muted});
    if (row.ours) draw_ours(figure, axis, *row.ours, y);
    for (const auto& p : row.published) {
      if (p.usd <= 0) continue;
      figure.diamond(axis.at(p.usd), y, 7, chart_colour(p.inside ? "teal" : "rust"),
                     fmt::format("{}: {}", p.text, short_usd(p.usd)));
    }
  }
  draw_legend(figure, bottom + 46);
  return std::move(figure).finish();
}

}  // namespace fleetwright
