#include "planner/output/trace_bins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fleetwright {
namespace {

constexpr std::size_t activities = 6;
constexpr std::size_t communication = activities;  // of the passes
constexpr std::size_t kinds = activities + 1;
constexpr int idle = -1;

std::size_t kind_of(const TraceEvent& e) {
  const bool passes = e.lane == LaneKind::collective || e.lane == LaneKind::pipeline;
  return passes ? communication : static_cast<std::size_t>(e.activity);
}

/// Seconds of each kind in each bin of one rank.
using Filling = std::vector<std::array<double, kinds>>;

void add(const TraceEvent& e, double width, Filling& filling) {
  const double end = e.start.si() + e.duration.si();
  auto bin = static_cast<std::size_t>(e.start.si() / width);
  for (double at = e.start.si(); bin < filling.size() && at < end; ++bin) {
    const double until = std::min(end, width * static_cast<double>(bin + 1));
    filling[bin][kind_of(e)] += until - at;
    at = until;
  }
}

// Kernels before communication, which mostly runs beside them.
int shown(const std::array<double, kinds>& bin, double width) {
  double kernels = 0;
  for (std::size_t k = 0; k < activities; ++k) kernels += bin[k];
  if (kernels + bin[communication] < width / 2) return idle;
  if (kernels < bin[communication] && kernels < width / 2) return communication;
  const auto most = std::max_element(bin.begin(), bin.begin() + activities);
  return static_cast<int>(most - bin.begin());
}

void add_bars(std::size_t rank, const Filling& filling, double width, TimelineRows& rows) {
  for (std::size_t b = 0; b < filling.size();) {
    const int kind = shown(filling[b], width);
    std::size_t end = b + 1;
    while (end < filling.size() && shown(filling[end], width) == kind) ++end;
    if (kind != idle) {
      rows.bars.push_back({rank, width * static_cast<double>(b), width * static_cast<double>(end),
                           static_cast<std::size_t>(kind)});
    }
    b = end;
  }
}

}  // namespace

TimelineRows trace_bins(const Trace& trace, Seconds step, std::size_t bins) {
  TimelineRows rows;
  if (trace.events.empty() || step.si() <= 0) return rows;
  std::size_t ranks = 0;
  for (const TraceEvent& e : trace.events) ranks = std::max<std::size_t>(ranks, e.rank + 1);
  const double width = step.si() / static_cast<double>(bins);
  std::vector<Filling> filling(ranks, Filling(bins));
  for (const TraceEvent& e : trace.events) {
    add(e, width, filling[static_cast<std::size_t>(e.rank)]);
  }
  for (std::size_t k = 0; k < activities; ++k) {
    std::string name(to_string(static_cast<Activity>(k)));
    std::ranges::replace(name, '_', ' ');
    rows.kinds.push_back(std::move(name));
  }
  rows.kinds.emplace_back("communication alone");
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    rows.rows.push_back(fmt::format("rank {}", rank));
    add_bars(rank, filling[rank], width, rows);
  }
  rows.end = step.si();
  rows.unit = "seconds of one step";
  return rows;
}

}  // namespace fleetwright
