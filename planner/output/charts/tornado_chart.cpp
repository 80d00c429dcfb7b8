#include <fmt/format.h>

#include <algorithm>

#include "planner/output/charts/axis.hpp"
#include "planner/output/charts/charts.hpp"

namespace fleetwright {
namespace {

constexpr double width = 760, left = 265, right = 700, top = 30, row_height = 40;

}  // namespace

std::string tornado_chart(const ChartHead& head, const std::vector<TornadoRow>& rows,
                          double typical) {
  double low = typical;
  double high = typical;
  for (const TornadoRow& row : rows) {
    low = std::min({low, row.low_usd, row.high_usd});
    high = std::max({high, row.low_usd, row.high_usd});
  }
  const double bottom = top + row_height * static_cast<double>(rows.size());
  Figure figure(head, width, bottom + 8);
  const double margin = 0.14 * (high - low);
  const Axis axis(low - margin, high + margin, left, right);
  for (const double tick : axis.ticks(5)) {
    figure.line(axis.at(tick), top - 6, axis.at(tick), bottom, "#d9d9d9");
    figure.text(axis.at(tick), top - 12, short_usd(tick),
                {.anchor = Anchor::middle, .size = 12, .fill = chart_muted});
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const TornadoRow& row = rows[r];
    const double y = top + row_height * static_cast<double>(r);
    figure.text(left - 10, y + 15, shortened(row.name, 36), {.anchor = Anchor::end, .size = 12.5});
    figure.text(left - 10, y + 30, shortened(row.low_text + " to " + row.high_text, 38),
                {.anchor = Anchor::end, .size = 11.5, .fill = chart_muted});
    const auto bar = [&](double to, std::string_view colour, const std::string& at) {
      const auto [from, until] = std::minmax({axis.at(typical), axis.at(to)});
      figure.rect(from, y + 8, std::max(until - from, 1.0), 18, chart_colour(colour),
                  fmt::format("{} at {}: {}", row.name, at, short_usd(to)));
      const bool leftwards = axis.at(to) < axis.at(typical);
      figure.text(axis.at(to) + (leftwards ? -5 : 5), y + 22, short_usd(to),
                  {.anchor = leftwards ? Anchor::end : Anchor::start, .size = 11.5});
    };
    if (row.low_usd != typical) bar(row.low_usd, "sky", row.low_text);
    if (row.high_usd != typical) bar(row.high_usd, "rust", row.high_text);
  }
  figure.line(axis.at(typical), top - 6, axis.at(typical), bottom, chart_ink, 1.5);
  return std::move(figure).finish();
}

}  // namespace fleetwright
