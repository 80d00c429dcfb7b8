#pragma once

#include <array>

#include "models/core/quantity.hpp"
#include "models/operators.hpp"

namespace fleetwright {

/// The rates that bound a kernel on one accelerator.
struct Ceilings {
  FlopPerSecond tensor;  // of the operator's format, on all SMs
  BytesPerSecond memory;
  double sms = 1;  // of the whole accelerator
};

/// max(flop / rate, bytes / bandwidth) with what is visible of tiles and waves: a product runs in
/// tiles of 128 rows by the width (64 to 256) that fills the last wave best, as DeepGEMM and cuBLAS
/// choose it. `sms` is how many a kernel may use. An upper bound on speed; measurements correct it.
[[nodiscard]] Seconds roofline_time(const Operator& op, const Ceilings& ceilings, double sms);

/// Where an operator stands in the space of shapes: logarithms of its dimensions, so that distances
/// are ratios. Operators of one kernel_name have as many coordinates.
[[nodiscard]] std::array<double, 4> shape_coordinates(const Operator& op);

}  // namespace fleetwright
