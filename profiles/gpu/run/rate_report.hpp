#pragma once

#include <string>

#include "profiles/measured_table.hpp"

namespace fleetwright::gpu {

/// A table of measurements as rates, one line a case (the last where it was measured twice):
/// TFLOP/s of products and attention; bytes per second of what is bound by bandwidth, and their
/// share of the fastest copy of the same table; how far events are from CUPTI.
[[nodiscard]] std::string rate_report(const MeasuredTable& table);

}  // namespace fleetwright::gpu
