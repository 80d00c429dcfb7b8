#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/output/charts/figure.hpp"
#include "sim/run_distribution.hpp"

namespace fleetwright {

// The charts of the board report. Each takes what it draws and nothing else, and returns an SVG
// element. All are 760 units wide, so that one type size fits all of them on a page.

/// A figure of ours with its range, and what others said of it.
struct RangeRow {
  struct Published {
    double usd = 0;
    std::string text;
    bool inside = false;
  };
  std::string name;
  std::optional<Percentiles> ours;
  std::vector<Published> published;
};

/// Ranges and published figures on one logarithmic axis. Figures of 0 or less are left out.
[[nodiscard]] std::string range_chart(const ChartHead& head, const std::vector<RangeRow>& rows);

struct WaterfallBar {
  std::string name;
  double usd = 0;
  bool total = false;  // stands on zero; others lead from the one above
};

/// Bars that lead from total to total. Where the next total is many times the last, a new panel
/// with an axis of its own begins: on one axis the first steps could not be seen.
[[nodiscard]] std::string waterfall_chart(const ChartHead& head,
                                          const std::vector<WaterfallBar>& bars);

struct Share {
  std::string name;
  double usd = 0;
  std::string_view colour;
};

struct ShareBar {
  std::string name;
  std::vector<Share> shares;  // none is negative
};

/// What totals are made of: each bar is as long as the others, its parts labelled below it.
[[nodiscard]] std::string share_chart(const ChartHead& head, const std::vector<ShareBar>& bars);

struct TornadoRow {
  std::string name;
  std::string low_text;   // the input's low end, "0.6 fraction"
  std::string high_text;  // and its high end
  double low_usd = 0;     // the total there
  double high_usd = 0;
};

/// What a total does when one input goes from its low to its high end.
[[nodiscard]] std::string tornado_chart(const ChartHead& head, const std::vector<TornadoRow>& rows,
                                        double typical);

struct Curve {
  struct Point {
    double days = 0;
    double usd = 0;
    std::string label;
  };
  std::string name;
  std::string_view colour;
  std::vector<Point> points;  // by days
};

/// Duration against cost on two logarithmic axes. `marked` stand out as diamonds.
[[nodiscard]] std::string time_cost_chart(const ChartHead& head, const std::vector<Curve>& curves,
                                          const std::vector<Curve::Point>& marked);

struct MemoryParts {
  std::vector<std::string> names;
  std::vector<std::vector<double>> ranks;  // GiB of each part, by pipeline rank
  double capacity = 0;                     // GiB
};

[[nodiscard]] std::string memory_chart(const ChartHead& head, const MemoryParts& memory);

struct TimelineBar {
  std::size_t row = 0;
  double start = 0;  // s or days, as `unit` says
  double end = 0;
  std::size_t kind = 0;  // index into kinds
};

struct TimelineRows {
  std::vector<std::string> rows;
  std::vector<std::string> kinds;  // of the legend, in the order of the palette
  std::vector<TimelineBar> bars;
  double end = 0;
  std::string unit;
};

[[nodiscard]] std::string timeline_chart(const ChartHead& head, const TimelineRows& timeline);

}  // namespace fleetwright
