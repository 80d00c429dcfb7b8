#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/core/quantity.hpp"
#include "sim/network.hpp"

namespace fleetwright {

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

/// The slowest of the links that a flow uses, weights counted; infinite for no links.
[[nodiscard]] BytesPerSecond bandwidth_of(std::span<const FabricLink> links,
                                          std::span<const LinkUse> uses);

/// How GPUs and NICs make up nodes, so that the links of a GPU are found without a table of pairs.
struct FabricShape {
  int gpus = 0;
  int gpus_per_node = 1;
  int nics_per_node = 1;
  /// Traffic between GPU and NIC takes the GPU's scale-up port too (PCIe nodes).
  bool nics_behind_ports = false;
};

/// Bytes from a GPU to another.
struct Demand {
  int from = 0;
  int to = 0;
  Bytes bytes;
};

/// The links of a cluster and the routes over them. GPU g of a node uses NIC g * nics / gpus of it.
class Fabric {
 public:
  /// `links` in the order: per GPU scale-up out, scale-up in; per NIC out, in; then those of the
  /// network. All nodes are full. `leaf_latency` is between NICs of one switch, `spine_latency`
  /// over three. Without a network all NICs hang on one ideal switch.
  Fabric(FabricShape shape, std::vector<FabricLink> links, Seconds scale_up_latency,
         Seconds leaf_latency, Seconds spine_latency,
         std::shared_ptr<const Network> network = nullptr);
  /// How many links a fabric of this shape has outside the network.
  [[nodiscard]] static std::size_t link_count(const FabricShape& shape);

  [[nodiscard]] const FabricShape& shape() const { return shape_; }
  [[nodiscard]] const std::vector<FabricLink>& links() const { return links_; }
  [[nodiscard]] const Network& network() const { return *network_; }
  /// The same with each link at a part of its capacity.
  [[nodiscard]] Fabric with_speeds(std::span<const double> speeds) const;
  /// The id of the network's first link; its other links follow.
  [[nodiscard]] LinkId first_network_link() const {
    return static_cast<LinkId>(link_count(shape_));
  }

  [[nodiscard]] int nodes() const { return shape_.gpus / shape_.gpus_per_node; }
  [[nodiscard]] int node_of(int gpu) const { return gpu / shape_.gpus_per_node; }
  [[nodiscard]] int nic_of(int gpu) const;  // counted over all nodes
  [[nodiscard]] LinkId scale_up_out(int gpu) const;
  [[nodiscard]] LinkId scale_up_in(int gpu) const;
  [[nodiscard]] LinkId nic_out(int gpu) const;
  [[nodiscard]] LinkId nic_in(int gpu) const;
  /// The GPU whose NIC traffic to another node leaves by: `from`, or the one in its node whose
  /// place is `to`'s, where the network does not connect the NICs of the two.
  [[nodiscard]] int sender(int from, int to) const;

  /// The links from one GPU to another: none to itself; scale-up inside a node; else the NICs and
  /// what may bind between them, and scale-up ports before where the node changes NICs.
  [[nodiscard]] std::vector<LinkUse> route(int from, int to, std::uint64_t flow = 0) const;
  [[nodiscard]] Seconds latency(int from, int to) const;
  /// The part of the latency that lies between data centres.
  [[nodiscard]] Seconds distance(int from, int to) const;
  /// The slowest link of a set, weights counted; infinite for no links.
  [[nodiscard]] BytesPerSecond bandwidth(std::span<const LinkUse> uses) const;
  /// What demands that go on at the same time put on the links of the network. Demands inside a
  /// node put nothing there.
  [[nodiscard]] std::vector<LinkLoad> network_loads(std::span<const Demand> demands) const;

 private:
  [[nodiscard]] Way way(int from, int to) const;

  FabricShape shape_;
  std::vector<FabricLink> links_;
  Seconds scale_up_latency_;
  Seconds leaf_latency_;
  Seconds switch_latency_;  // of each further switch
  std::shared_ptr<const Network> network_;
};

}  // namespace fleetwright
