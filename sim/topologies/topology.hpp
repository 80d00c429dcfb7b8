#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "models/core/registry.hpp"
#include "sim/cluster.hpp"
#include "sim/fabric.hpp"

namespace fleetwright {

/// A shape of network between nodes. Members are stateless.
class Topology {
 public:
  virtual ~Topology() = default;
  /// Why this cluster cannot be wired so ("64-port switches in two layers reach 2048 NICs a plane:
  /// 4096 asked for"), or nothing.
  [[nodiscard]] virtual std::optional<std::string> refuses(const Cluster& cluster) const = 0;
  /// The links and routes of a cluster that is not refused.
  [[nodiscard]] virtual Fabric build(const Cluster& cluster) const = 0;
};

using TopologyFactory = std::unique_ptr<Topology> (*)();

/// single-switch, fat-tree, multi-plane-fat-tree.
[[nodiscard]] std::span<const RegistryRow<TopologyFactory>> builtin_topologies();

/// Builds the fabric that the cluster names. The name must be one of builtin_topologies().
[[nodiscard]] Fabric build_fabric(const Cluster& cluster);

}  // namespace fleetwright
