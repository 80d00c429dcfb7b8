#pragma once

#include <string_view>
#include <vector>

#include "profiles/profile_store.hpp"

namespace fleetwright {

/// The name by which a software stack asks for whatever was measured to be fastest.
inline constexpr std::string_view fastest_library = "fastest";

/// Of what was measured, for each operator and number of SMs the sample of least time over all
/// libraries. Not of those that are timed on a harder problem than the operator's (uneven groups)
/// or an easier one (masked).
[[nodiscard]] std::vector<const KernelSample*> fastest_measured(
    const std::vector<KernelSample>& kernels);

}  // namespace fleetwright
