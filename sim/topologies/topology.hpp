#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "models/core/registry.hpp"
#include "sim/cluster.hpp"
#include "sim/fabric.hpp"
#include "sim/topologies/network_counts.hpp"

namespace fleetwright {

/// Why a cluster cannot be wired as it says.
struct WiringRefusal {
  std::string setting;  // of the cluster, "topology"
  std::string message;  // "three layers of 64-port switches reach ..."
  std::string suggestion;
};

/// A shape of network between nodes. Members are stateless. Clusters given to them are in one data
/// centre; build_fabric() joins several.
class Topology {
 public:
  virtual ~Topology() = default;
  [[nodiscard]] virtual std::optional<WiringRefusal> refuses(const Cluster& cluster) const = 0;
  /// Of a cluster that is not refused.
  [[nodiscard]] virtual std::shared_ptr<const Network> build(const Cluster& cluster) const = 0;
  [[nodiscard]] virtual NetworkCounts counts(const Cluster& cluster) const = 0;
};

using TopologyFactory = std::unique_ptr<Topology> (*)();

/// single-switch, fat-tree, multi-plane-fat-tree, rail-only, dragonfly.
[[nodiscard]] std::span<const RegistryRow<TopologyFactory>> builtin_topologies();

// The cluster's topology must be one of builtin_topologies().

/// Why the cluster cannot be wired so, or nothing.
[[nodiscard]] std::optional<WiringRefusal> refuses_wiring(const Cluster& cluster);
[[nodiscard]] Fabric build_fabric(const Cluster& cluster);
/// Switches, cables and optics to buy, those that no route needs included.
[[nodiscard]] NetworkCounts count_network(const Cluster& cluster);

}  // namespace fleetwright
