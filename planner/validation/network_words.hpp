#pragma once

#include <map>
#include <string>
#include <string_view>

#include "profiles/accelerator.hpp"
#include "profiles/link.hpp"

namespace fleetwright {

/// The NICs of a node, as far as a publisher's words tell them.
struct StatedNetwork {
  Link nic;
  int nics_per_node = 0;
  bool several_planes = false;
  std::string assumed;  // what the words leave open and the reference design says; empty: nothing
};

/// Reads "8x400G NDR", "4x100Gb RoCE per node", "ConnectX-7 400G IB/GPU", "800 Gb/s per node
/// (4x HDR200)" and their like. What is not said is the accelerator's reference design. Parts of
/// the text that speak of storage, management or other accelerators are passed over. A speed that
/// no known link has is a known one, scaled.
[[nodiscard]] StatedNetwork read_network_words(std::string_view words,
                                               const Accelerator& accelerator, int gpus_per_node,
                                               const std::map<std::string, Link>& links);

}  // namespace fleetwright
