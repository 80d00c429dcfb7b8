#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "planner/output/charts/axis.hpp"
#include "planner/output/charts/charts.hpp"

namespace fleetwright {
namespace {

constexpr double width = 760, left = 70, right = 740, top = 20, bottom = 290, height = 362;

struct Bounds {
  double low = HUGE_VAL;
  double high = 0;

  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

void draw_frame(Figure& figure, const Axis& x, const Axis& y) {
  for (const double tick : x.ticks(5)) {
    figure.line(x.at(tick), top, x.at(tick), bottom, "#d9d9d9");
    figure.text(x.at(tick), bottom + 17, fmt::format("{:g}", tick),
                {.anchor = Anchor::middle, .size = 12});
  }
  for (const double tick : y.ticks(5)) {
    figure.line(left, y.at(tick), right, y.at(tick), "#d9d9d9");
    figure.text(left - 8, y.at(tick) + 4, short_usd(tick), {.anchor = Anchor::end, .size = 12});
  }
  figure.text((left + right) / 2, bottom + 36, "duration in days", {.anchor = Anchor::middle});
}

void draw_curve(Figure& figure, const Curve& curve, const Axis& x, const Axis& y, bool labelled) {
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const auto& p = curve.points[i];
    const std::string hint =
        fmt::format("{}, {}: {:.3g} days, {}", curve.name, p.label, p.days, short_usd(p.usd));
    figure.circle(x.at(p.days), y.at(p.usd), 4.5, curve.colour, hint);
    if (i > 0) {
      const auto& q = curve.points[i - 1];
      figure.line(x.at(q.days), y.at(q.usd), x.at(p.days), y.at(p.usd), curve.colour, 2);
    }
    if (labelled) {
      figure.text(x.at(p.days), y.at(p.usd) - 10, p.label,
                  {.anchor = Anchor::middle, .size = 11.5});
    }
  }
}

}  // namespace

std::string time_cost_chart(const ChartHead& head, const std::vector<Curve>& curves,
                            const std::vector<Curve::Point>& marked) {
  Bounds days;
  Bounds usd;
  for (const Curve& c : curves) {
    for (const auto& p : c.points) {
      days.take(p.days);
      usd.take(p.usd);
    }
  }
  for (const auto& p : marked) {
    days.take(p.days);
    usd.take(p.usd);
  }
  Figure figure(head, width, height);
  const Axis x(days.low / 1.35, days.high * 1.35, left, right, Axis::Scale::logarithmic);
  const Axis y(usd.low / 1.3, usd.high * 1.4, bottom, top, Axis::Scale::logarithmic);
  draw_frame(figure, x, y);
  for (const Curve& c : curves) draw_curve(figure, c, x, y, &c == curves.data());
  double at = left;
  for (const Curve& c : curves) {
    figure.circle(at + 6, bottom + 60, 4.5, c.colour);
    figure.text(at + 16, bottom + 64, c.name, {.size = 12});
    at += 40 + 6.8 * static_cast<double>(c.name.size());
  }
  for (const auto& p : marked) {
    figure.diamond(x.at(p.days), y.at(p.usd), 7, chart_colour("crimson"),
                   fmt::format("{}: {:.3g} days, {}", p.label, p.days, short_usd(p.usd)));
    figure.diamond(at + 6, bottom + 60, 7, chart_colour("crimson"));
    figure.text(at + 18, bottom + 64, p.label, {.size = 12});
    at += 40 + 6.8 * static_cast<double>(p.label.size());
  }
  return std::move(figure).finish();
}

}  // namespace fleetwright
