#include "sim/fabric.hpp"

#include <algorithm>
#include <limits>

#include "models/core/error.hpp"

namespace fleetwright {

Fabric::Fabric(FabricShape shape, std::vector<FabricLink> links, Seconds scale_up_latency,
               Seconds leaf_latency, Seconds spine_latency)
    : shape_(shape),
      links_(std::move(links)),
      scale_up_latency_(scale_up_latency),
      leaf_latency_(leaf_latency),
      spine_latency_(spine_latency) {
  ensure(shape_.gpus > 0 && shape_.gpus_per_node > 0 && shape_.nics_per_node > 0 &&
             shape_.nodes_per_leaf > 0,
         "a fabric shape has a count below 1");
  ensure(shape_.gpus % shape_.gpus_per_node == 0, "a fabric has a node that is not full");
  ensure(links_.size() == link_count(shape_), "a fabric has not the links of its shape");
  for (const FabricLink& link : links_) {
    ensure(link.capacity.si() > 0.0 && is_finite(link.capacity), "a link without capacity");
  }
}

std::size_t Fabric::link_count(const FabricShape& shape) {
  const int nodes = shape.gpus / shape.gpus_per_node;
  const int leaves = (nodes + shape.nodes_per_leaf - 1) / shape.nodes_per_leaf;
  const int switches = shape.leaf_uplinks ? leaves * shape.nics_per_node : 0;
  return 2 * (static_cast<std::size_t>(shape.gpus) +
              static_cast<std::size_t>(nodes) * static_cast<std::size_t>(shape.nics_per_node) +
              static_cast<std::size_t>(switches));
}

int Fabric::rail_of(int gpu) const {
  return gpu % shape_.gpus_per_node * shape_.nics_per_node / shape_.gpus_per_node;
}

int Fabric::leaf_of(int gpu) const { return node_of(gpu) / shape_.nodes_per_leaf; }

int Fabric::nic_index(int gpu) const { return node_of(gpu) * shape_.nics_per_node + rail_of(gpu); }

int Fabric::switch_index(int gpu) const {
  return leaf_of(gpu) * shape_.nics_per_node + rail_of(gpu);
}

LinkId Fabric::scale_up_out(int gpu) const { return static_cast<LinkId>(2 * gpu); }

LinkId Fabric::scale_up_in(int gpu) const { return scale_up_out(gpu) + 1; }

LinkId Fabric::nic_out(int gpu) const {
  return static_cast<LinkId>(2 * (shape_.gpus + nic_index(gpu)));
}

LinkId Fabric::nic_in(int gpu) const { return nic_out(gpu) + 1; }

LinkId Fabric::leaf_up(int gpu) const {
  ensure(shape_.leaf_uplinks, "the leaf uplinks of a fabric that has none in its routes");
  return static_cast<LinkId>(2 *
                             (shape_.gpus + nodes() * shape_.nics_per_node + switch_index(gpu)));
}

LinkId Fabric::leaf_down(int gpu) const { return leaf_up(gpu) + 1; }

bool Fabric::crosses_spine(int from, int to) const {
  return leaf_of(from) != leaf_of(to) || rail_of(from) != rail_of(to);
}

std::vector<LinkUse> Fabric::route(int from, int to) const {
  if (from == to) return {};
  if (node_of(from) == node_of(to)) return {{scale_up_out(from)}, {scale_up_in(to)}};
  if (shape_.leaf_uplinks && crosses_spine(from, to)) {
    return {{nic_out(from)}, {leaf_up(from)}, {leaf_down(to)}, {nic_in(to)}};
  }
  return {{nic_out(from)}, {nic_in(to)}};
}

Seconds Fabric::latency(int from, int to) const {
  if (from == to) return Seconds{};
  if (node_of(from) == node_of(to)) return scale_up_latency_;
  return crosses_spine(from, to) ? spine_latency_ : leaf_latency_;
}

BytesPerSecond Fabric::bandwidth(std::span<const LinkUse> uses) const {
  BytesPerSecond slowest{std::numeric_limits<double>::infinity()};
  for (const LinkUse& use : uses) {
    slowest = std::min(slowest, links_.at(use.link).capacity / static_cast<double>(use.weight));
  }
  return slowest;
}

}  // namespace fleetwright
