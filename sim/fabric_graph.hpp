#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sim/fabric.hpp"

namespace fleetwright {

/// A step from vertex to vertex: over a link, or at no cost where two vertices are joined.
struct FabricEdge {
  int from = 0;
  int to = 0;
  std::optional<LinkId> link;
};

/// A fabric as a directed graph of GPUs (which keep their numbers), node switches, sending and
/// receiving NICs and the places of the network. It knows nothing of routes: what they promise is
/// checked against it. Too slow for every flow of a step.
class FabricGraph {
 public:
  explicit FabricGraph(const Fabric& fabric);

  [[nodiscard]] int vertices() const { return vertices_; }
  /// First the links, in their order, then the joins.
  [[nodiscard]] const std::vector<FabricEdge>& edges() const { return edges_; }

  /// Links on a way that crosses fewest, or nothing if there is no way.
  [[nodiscard]] std::optional<int> fewest_links(int from_gpu, int to_gpu) const;
  /// What a set of GPUs can send to another at once, whatever the routes.
  [[nodiscard]] BytesPerSecond max_flow(std::span<const int> from_gpus,
                                        std::span<const int> to_gpus) const;

 private:
  int vertices_ = 0;
  std::vector<FabricEdge> edges_;
  std::vector<BytesPerSecond> capacities_;  // of the links
};

/// What the first half of the nodes can send to the second.
[[nodiscard]] BytesPerSecond bisection_bandwidth(const Fabric& fabric);

}  // namespace fleetwright
