#pragma once

#include <string>

#include "profiles/accelerator.hpp"
#include "profiles/link.hpp"
#include "sim/fabric.hpp"

namespace fleetwright {

/// Equal nodes of equal accelerators and the network between them.
struct Cluster {
  Accelerator accelerator;
  Link scale_up;
  Link nic;
  int gpus = 0;
  int gpus_per_node = 8;  // that share a scale-up domain
  int nics_per_node = 8;
  std::string topology = "fat-tree";
  /// Uplink capacity of a leaf is the NICs' below it divided by this.
  double oversubscription = 1.0;
  int switch_ports = 64;

  [[nodiscard]] int nodes() const { return gpus / gpus_per_node; }
};

}  // namespace fleetwright
