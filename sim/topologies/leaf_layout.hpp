#pragma once

#include "sim/cluster.hpp"

namespace fleetwright {

/// Which leaf switch each NIC hangs on. NIC i of a node is on rail i % rails; the NICs of one rail
/// of a block of neighbouring nodes meet in one leaf. Rail r is in plane r % planes.
struct LeafLayout {
  int nodes = 1;
  int nics_per_node = 1;
  int rails = 1;
  int planes = 1;
  int nodes_per_leaf = 1;

  [[nodiscard]] int nics_per_rail() const { return nics_per_node / rails; }  // of a node
  [[nodiscard]] int rails_per_plane() const { return rails / planes; }
  [[nodiscard]] int blocks() const { return (nodes + nodes_per_leaf - 1) / nodes_per_leaf; }
  [[nodiscard]] int leaves() const { return blocks() * rails; }
  [[nodiscard]] int leaves_per_plane() const { return blocks() * rails_per_plane(); }

  [[nodiscard]] int rail_of(int nic) const { return nic % nics_per_node % rails; }
  [[nodiscard]] int plane_of(int nic) const { return rail_of(nic) % planes; }
  /// Counted over all planes: block by block, rail by rail.
  [[nodiscard]] int leaf_of(int nic) const {
    return nic / nics_per_node / nodes_per_leaf * rails + rail_of(nic);
  }
  [[nodiscard]] int position_in_leaf(int nic) const {
    return nic / nics_per_node % nodes_per_leaf * nics_per_rail() + nic % nics_per_node / rails;
  }
  [[nodiscard]] int plane_of_leaf(int leaf) const { return leaf % rails % planes; }
  /// Counted in the leaf's plane.
  [[nodiscard]] int leaf_in_plane(int leaf) const {
    return leaf / rails * rails_per_plane() + leaf % rails / planes;
  }
};

/// The rails of a cluster: as it says, or one for each NIC of a node up to eight.
[[nodiscard]] int rails_of(const Cluster& cluster);

/// Leaves with `ports` NICs each. The rails must divide the NICs of a node, the planes the rails.
[[nodiscard]] LeafLayout lay_out_leaves(const Cluster& cluster, int ports, int planes);

}  // namespace fleetwright
