#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "profiles/failure_record.hpp"
#include "sim/checkpoint_cost.hpp"

namespace fleetwright {

/// The [reliability] of a scenario: what fails as often as which source says, and how the run
/// recovers. Rates are of single parts; the cluster's follow with the estimate.
struct ReliabilitySettings {
  std::vector<StopRecord> stops;  // with rates
  double spread = 0;              // how clusters of the pool differ
  Provenance stops_from;
  std::vector<SlowRecord> slowdowns;
  Provenance slowdowns_from;
  Seconds detection;
  Seconds restart;
  Provenance recovery_from;
  std::optional<int> spare_nodes;
  Seconds repair;
  std::optional<Seconds> checkpoint_write;  // else from the storage
  std::optional<CheckpointStorage> storage;
  std::optional<Seconds> checkpoint_interval;
  IntervalRule rule = IntervalRule::daly;
  int runs = 0;  // to simulate for percentiles
  std::uint64_t seed = 1;
};

}  // namespace fleetwright
