#pragma once

#include <cstdint>
#include <string>

#include "profiles/accelerator.hpp"
#include "profiles/link.hpp"
#include "sim/fabric.hpp"

namespace fleetwright {

/// How a network chooses among the equal paths between two NICs.
enum class Routing : std::uint8_t {
  adaptive,  // packet by packet, by load: traffic spreads evenly
  ecmp,      // a hash of its ends and ports puts each flow on one path
  fixed,     // by destination, as tables of a subnet manager do: "static" in scenarios
};

/// Places that hold equal parts of a cluster, each pair of them joined by a link of its own.
struct DataCentres {
  int count = 1;
  BytesPerSecond bandwidth;  // between two of them, one way
  Seconds latency;           // of that link, one way
};

/// Equal nodes of equal accelerators and the network between them.
struct Cluster {
  Accelerator accelerator;
  Link scale_up;
  Link nic;
  int gpus = 0;
  int gpus_per_node = 8;  // that share a scale-up domain
  int nics_per_node = 8;
  std::string topology = "fat-tree";
  int switch_ports = 64;
  /// Uplink capacity of a leaf is the NICs' below it divided by this; and that of a pod, where
  /// there is a third layer, its leaves' divided by the other.
  double oversubscription = 1.0;
  double core_oversubscription = 1.0;
  int layers = 0;  // of switches; 0: as few as reach all NICs
  int rails = 0;   // leaf switches that the NICs of a node are spread over; 0: the usual
  int planes = 0;  // separate networks that the rails are spread over; 0: the topology's usual
  Routing routing = Routing::adaptive;
  int queue_pairs = 1;     // into which ecmp splits the traffic of two NICs
  std::uint64_t seed = 1;  // of hashes
  DataCentres data_centres;
  /// How collectives between nodes are done: "auto" for the fastest that the library has, or one of
  /// builtin_collectives() wherever it can.
  std::string collective = "auto";
  bool in_network_reduction = false;  // the network's switches add up (SHARP)

  [[nodiscard]] int nodes() const { return gpus / gpus_per_node; }
  [[nodiscard]] int nics() const { return nodes() * nics_per_node; }
};

/// "adaptive", "ecmp", "static".
[[nodiscard]] std::string_view to_string(Routing routing);

}  // namespace fleetwright
