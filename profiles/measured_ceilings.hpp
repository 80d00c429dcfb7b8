#pragma once

#include "profiles/accelerator.hpp"
#include "profiles/profile_store.hpp"

namespace fleetwright {

/// Puts what a copy and the fastest product of each format reached on this very part in the place
/// of the published or datasheet ceilings (copy_bandwidth, matmul). Nothing measured: no change.
void prefer_measured_ceilings(Accelerator& accelerator, const AcceleratorProfile& profile);

}  // namespace fleetwright
