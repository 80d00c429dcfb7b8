#pragma once

#include <vector>

#include "sim/collectives/column_flows.hpp"
#include "sim/variation.hpp"

namespace fleetwright {

/// The fabric with slow links, as a granularity sees it. Where one NIC or port stands for others,
/// it is as slow as the slowest of them: a collective waits for it. Names must be the fabric's.
[[nodiscard]] Fabric slow_fabric(const Fabric& fabric, const std::vector<SlowLink>& slow,
                                 const ColumnLayout& layout, Granularity granularity);

/// Columns with a GPU in a slow node or on a slow port or NIC. Slow links of the network are
/// nobody's.
[[nodiscard]] std::vector<int> slow_columns(const Variation& variation, const ColumnLayout& layout,
                                            const Fabric& fabric);

}  // namespace fleetwright
