#pragma once

#include "sim/run_simulation.hpp"

namespace fleetwright::testing {

/// A cluster that stops every `hours` and needs `restart` to go on; a checkpoint takes `write`.
inline Reliability stops_every(double hours, Seconds restart, Seconds write) {
  Reliability r;
  r.stops = {{"node", Hertz{1 / (3600 * hours)}, /*replaces_node=*/true, /*planned=*/false}};
  r.restart = restart;
  r.checkpoint.write = write;
  return r;
}

}  // namespace fleetwright::testing
