#pragma once

#include <vector>

#include "profiles/gpu/kernels/adamw_settings.hpp"

namespace fleetwright::gpu::reference {

/// Weights and moments of some parameters.
struct AdamWState {
  std::vector<double> weights;
  std::vector<double> first;
  std::vector<double> second;
};

/// One step as adamw_settings.hpp describes it, nothing rounded.
[[nodiscard]] AdamWState adamw(const AdamW& settings, const std::vector<double>& gradients,
                               AdamWState state);

}  // namespace fleetwright::gpu::reference
