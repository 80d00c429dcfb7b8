#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/core/quantity.hpp"

namespace fleetwright {

using LinkId = std::uint32_t;

/// A link and how often a flow crosses it.
struct LinkUse {
  LinkId link = 0;
  std::uint32_t weight = 1;

  bool operator==(const LinkUse&) const = default;
};

/// One direction of a cable or of a bundle of equal cables.
struct FabricLink {
  std::string name;
  BytesPerSecond capacity;  // what large messages achieve, not the nominal rate
};

/// Where the links of a GPU and of a leaf switch stand in the link table, so that a route is
/// computed instead of stored: 50,000 GPUs need no table of pairs.
struct FabricShape {
  int gpus = 0;
  int gpus_per_node = 1;
  int nics_per_node = 1;
  int nodes_per_leaf = 1;     // nodes whose NICs of one rail meet in one leaf switch
  bool leaf_uplinks = false;  // leaf-to-spine links are part of routes (only where they can bind)
};

/// The links of a cluster and the routes over them. GPU g of a node uses NIC g * nics / gpus of it.
class Fabric {
 public:
  /// `links` in the order: per GPU scale-up out, scale-up in; per NIC out, in; per leaf, and per
  /// rail of it, up, down where shape.leaf_uplinks. All nodes are full.
  Fabric(FabricShape shape, std::vector<FabricLink> links, Seconds scale_up_latency,
         Seconds leaf_latency, Seconds spine_latency);
  /// How many links a fabric of this shape has.
  [[nodiscard]] static std::size_t link_count(const FabricShape& shape);

  [[nodiscard]] const FabricShape& shape() const { return shape_; }
  [[nodiscard]] const std::vector<FabricLink>& links() const { return links_; }

  [[nodiscard]] int nodes() const { return shape_.gpus / shape_.gpus_per_node; }
  [[nodiscard]] int node_of(int gpu) const { return gpu / shape_.gpus_per_node; }
  [[nodiscard]] LinkId scale_up_out(int gpu) const;
  [[nodiscard]] LinkId scale_up_in(int gpu) const;
  [[nodiscard]] LinkId nic_out(int gpu) const;
  [[nodiscard]] LinkId nic_in(int gpu) const;
  /// Between the leaf switch of the GPU's NIC and the spine; only with shape().leaf_uplinks.
  [[nodiscard]] LinkId leaf_up(int gpu) const;
  [[nodiscard]] LinkId leaf_down(int gpu) const;

  /// The links from one GPU to another: none to itself; scale-up inside a node; else NIC, and leaf
  /// up and down where the route leaves its leaf and those links can bind. The rails must be equal
  /// or the fabric switches between them (the spine does).
  [[nodiscard]] std::vector<LinkUse> route(int from, int to) const;
  [[nodiscard]] Seconds latency(int from, int to) const;
  /// The slowest link of a set, weights counted; infinite for no links.
  [[nodiscard]] BytesPerSecond bandwidth(std::span<const LinkUse> uses) const;

 private:
  [[nodiscard]] int rail_of(int gpu) const;       // the NIC of the node
  [[nodiscard]] int leaf_of(int gpu) const;       // among the leaves of its rail
  [[nodiscard]] int nic_index(int gpu) const;     // over all nodes
  [[nodiscard]] int switch_index(int gpu) const;  // over all leaves and rails
  [[nodiscard]] bool crosses_spine(int from, int to) const;

  FabricShape shape_;
  std::vector<FabricLink> links_;
  Seconds scale_up_latency_;
  Seconds leaf_latency_;
  Seconds spine_latency_;
};

}  // namespace fleetwright
