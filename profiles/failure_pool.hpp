#pragma once

#include <map>
#include <string>
#include <vector>

#include "profiles/failure_record.hpp"

namespace fleetwright {

/// What is expected of a cluster that was not among those observed: the stops of a typical one, and
/// by how much clusters differ.
struct FailurePool {
  std::vector<StopRecord> stops;
  double spread = 0;  // standard deviation of the logarithm of a new cluster's rate
  std::vector<std::string> records;
  Provenance provenance;
};

/// Pools the observations of large jobs, but those named in `leave_out`. Rates of clusters are
/// taken as log-normal: the typical one fails at their geometric mean, and a new one at exp(spread
/// z) times that, with the uncertainty of the mean in it (spread^2 = s^2 (1 + 1/n)). The total is
/// divided among parts as the records do that tell causes apart; planned stops are those of the
/// records that have any. Throws Error where fewer than two observations are left.
[[nodiscard]] FailurePool pool_failures(const std::map<std::string, FailureRecord>& records,
                                        const std::vector<std::string>& leave_out);

}  // namespace fleetwright
