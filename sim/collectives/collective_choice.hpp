#pragma once

#include <map>
#include <string>
#include <vector>

#include "profiles/collective_protocol.hpp"
#include "sim/collectives/collective_algorithm.hpp"

namespace fleetwright {

/// What a GPU has to communicate with, and what it may do with it.
struct CollectiveMeans {
  BytesPerSecond scale_up;         // of its port
  BytesPerSecond scale_out;        // its share of a NIC
  bool node_reduces = false;       // switches inside nodes add up
  bool network_reduces = false;    // and those between nodes
  std::string algorithm = "auto";  // or the one to take where it can do the collective
  Seconds least_step;              // between nodes, of what is not for small messages
  double network_share = 1;        // of its share of a NIC, what it reaches
};

/// The fastest way to do a collective, as NCCL's tuning model counts.
struct CollectiveChoice {
  std::string algorithm;
  std::string protocol;
  CollectiveWork work;
  Seconds time;  // alone on its links
};

using CollectiveProtocols = std::map<std::string, std::vector<CollectiveProtocol>>;

/// The group must have more than one rank, and the collective be no all-to-all.
[[nodiscard]] CollectiveChoice choose_collective(CollectiveKind kind, Bytes bytes,
                                                 const CollectiveGroup& group,
                                                 const CollectiveMeans& means,
                                                 const CollectiveProtocols& protocols);

}  // namespace fleetwright
