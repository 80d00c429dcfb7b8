#pragma once

#include "planner/output/charts/charts.hpp"
#include "sim/trace.hpp"

namespace fleetwright {

/// A step's timeline as a page can show it: for each pipeline rank, what fills most of each of
/// `bins` equal stretches of time; neighbours that are alike are one bar. Communication shows where
/// no kernel runs. Empty where the trace is.
[[nodiscard]] TimelineRows trace_bins(const Trace& trace, Seconds step, std::size_t bins);

}  // namespace fleetwright
