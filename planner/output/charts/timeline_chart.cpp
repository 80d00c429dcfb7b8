#include <fmt/format.h>

#include <algorithm>

#include "planner/output/charts/axis.hpp"
#include "planner/output/charts/charts.hpp"
#include "planner/output/text_columns.hpp"

namespace fleetwright {
namespace {

constexpr double width = 760, right = 745, top = 8;

double label_width(const TimelineRows& timeline) {
  std::size_t longest = 0;
  for (const std::string& row : timeline.rows) longest = std::max(longest, columns_of(row));
  return std::min(14 + 6.8 * static_cast<double>(longest), 240.0);
}

// Many ranks are thin rows of which some are named.
double row_height(const TimelineRows& timeline) {
  return std::clamp(330.0 / static_cast<double>(timeline.rows.size()), 5.0, 22.0);
}

}  // namespace

std::string timeline_chart(const ChartHead& head, const TimelineRows& timeline) {
  const double left = label_width(timeline);
  const double pitch = row_height(timeline);
  const double bottom = top + pitch * static_cast<double>(timeline.rows.size());
  Figure figure(head, width, bottom + (timeline.kinds.size() > 1 ? 66 : 42));
  const Axis x(0, timeline.end, left, right);
  for (const double tick : x.ticks(8)) {
    figure.line(x.at(tick), top, x.at(tick), bottom + 4, "#d9d9d9");
    figure.text(x.at(tick), bottom + 18, fmt::format("{:g}", tick),
                {.anchor = Anchor::middle, .size = 12});
  }
  const auto every = static_cast<std::size_t>(1 + 13.9 / pitch);
  for (std::size_t r = 0; r < timeline.rows.size(); r += every) {
    figure.text(left - 8, top + pitch * (static_cast<double>(r) + 0.5) + 4,
                shortened(timeline.rows[r], 34), {.anchor = Anchor::end, .size = 12});
  }
  for (const TimelineBar& bar : timeline.bars) {
    figure.rect(x.at(bar.start), top + pitch * static_cast<double>(bar.row) + 1,
                std::max(x.at(bar.end) - x.at(bar.start), 0.4), pitch - 2,
                chart_colours[bar.kind % chart_colours.size()].hex);
  }
  figure.text((left + right) / 2, bottom + 34, timeline.unit,
              {.anchor = Anchor::middle, .size = 12});
  double at = 0;
  for (std::size_t k = 0; timeline.kinds.size() > 1 && k < timeline.kinds.size(); ++k) {
    figure.rect(at, bottom + 46, 11, 11, chart_colours[k % chart_colours.size()].hex);
    figure.text(at + 16, bottom + 56, timeline.kinds[k], {.size = 12});
    at += 36 + 6.5 * static_cast<double>(columns_of(timeline.kinds[k]));
  }
  return std::move(figure).finish();
}

}  // namespace fleetwright
