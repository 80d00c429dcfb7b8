#include "sim/fabric.hpp"

#include <algorithm>
#include <limits>

#include "models/core/error.hpp"
#include "sim/topologies/ideal_switch.hpp"

namespace fleetwright {

BytesPerSecond bandwidth_of(std::span<const FabricLink> links, std::span<const LinkUse> uses) {
  BytesPerSecond slowest{std::numeric_limits<double>::infinity()};
  for (const LinkUse& use : uses) {
    ensure(use.link < links.size(), "a flow uses a link that is not there");
    slowest = std::min(slowest, links[use.link].capacity / static_cast<double>(use.weight));
  }
  return slowest;
}

Fabric::Fabric(FabricShape shape, std::vector<FabricLink> links, Seconds scale_up_latency,
               Seconds leaf_latency, Seconds spine_latency, std::shared_ptr<const Network> network)
    : shape_(shape),
      links_(std::move(links)),
      scale_up_latency_(scale_up_latency),
      leaf_latency_(leaf_latency),
      switch_latency_((spine_latency - leaf_latency) / 2),
      network_(network ? std::move(network) : std::make_shared<IdealSwitch>()) {
  ensure(shape_.gpus > 0 && shape_.gpus_per_node > 0 && shape_.nics_per_node > 0,
         "a fabric shape has a count below 1");
  ensure(shape_.gpus % shape_.gpus_per_node == 0, "a fabric has a node that is not full");
  ensure(links_.size() == link_count(shape_) + network_->links().size(),
         "a fabric has not the links of its shape");
  for (const FabricLink& link : links_) {
    ensure(link.capacity.si() > 0.0 && is_finite(link.capacity), "a link without capacity");
  }
}

std::size_t Fabric::link_count(const FabricShape& shape) {
  const auto nodes = static_cast<std::size_t>(shape.gpus / shape.gpus_per_node);
  return 2 * (static_cast<std::size_t>(shape.gpus) +
              nodes * static_cast<std::size_t>(shape.nics_per_node));
}

Fabric Fabric::with_speeds(std::span<const double> speeds) const {
  ensure(speeds.size() == links_.size(), "speeds of other links than a fabric's");
  Fabric slower = *this;
  for (std::size_t link = 0; link < speeds.size(); ++link) {
    ensure(speeds[link] > 0.0, "a link without speed");
    slower.links_[link].capacity *= speeds[link];
  }
  return slower;
}

int Fabric::nic_of(int gpu) const {
  const int of_node = gpu % shape_.gpus_per_node * shape_.nics_per_node / shape_.gpus_per_node;
  return node_of(gpu) * shape_.nics_per_node + of_node;
}

LinkId Fabric::scale_up_out(int gpu) const { return static_cast<LinkId>(2 * gpu); }

LinkId Fabric::scale_up_in(int gpu) const { return scale_up_out(gpu) + 1; }

LinkId Fabric::nic_out(int gpu) const {
  return static_cast<LinkId>(2 * (shape_.gpus + nic_of(gpu)));
}

LinkId Fabric::nic_in(int gpu) const { return nic_out(gpu) + 1; }

int Fabric::sender(int from, int to) const {
  if (network_->connects(nic_of(from), nic_of(to))) return from;
  return node_of(from) * shape_.gpus_per_node + to % shape_.gpus_per_node;
}

std::vector<LinkUse> Fabric::route(int from, int to, std::uint64_t flow) const {
  if (from == to) return {};
  if (node_of(from) == node_of(to)) return {{scale_up_out(from)}, {scale_up_in(to)}};
  const int via = sender(from, to);
  std::vector<LinkUse> uses;
  if (shape_.nics_behind_ports) {
    uses.push_back({scale_up_out(from)});
  } else if (via != from) {
    uses = {{scale_up_out(from)}, {scale_up_in(via)}};
  }
  uses.push_back({nic_out(via)});
  for (const LinkId link : network_->route(nic_of(via), nic_of(to), flow)) {
    uses.push_back({first_network_link() + link});
  }
  uses.push_back({nic_in(to)});
  if (shape_.nics_behind_ports) uses.push_back({scale_up_in(to)});
  return uses;
}

Way Fabric::way(int from, int to) const {
  if (node_of(from) == node_of(to)) return {0, Seconds{0}};
  return network_->way(nic_of(sender(from, to)), nic_of(to));
}

Seconds Fabric::latency(int from, int to) const {
  if (from == to) return Seconds{};
  if (node_of(from) == node_of(to)) return scale_up_latency_;
  const Way way = this->way(from, to);
  const bool forwards = sender(from, to) != from && !shape_.nics_behind_ports;
  return (forwards ? scale_up_latency_ : Seconds{0}) + leaf_latency_ +
         switch_latency_ * (way.switches - 1.0) + way.distance;
}

Seconds Fabric::distance(int from, int to) const { return way(from, to).distance; }

BytesPerSecond Fabric::bandwidth(std::span<const LinkUse> uses) const {
  return bandwidth_of(links_, uses);
}

std::vector<LinkLoad> Fabric::network_loads(std::span<const Demand> demands) const {
  if (network_->links().empty()) return {};
  std::vector<NicDemand> between_nics;
  between_nics.reserve(demands.size());
  for (const Demand& d : demands) {
    if (node_of(d.from) == node_of(d.to)) continue;
    between_nics.push_back({nic_of(sender(d.from, d.to)), nic_of(d.to), d.bytes});
  }
  std::vector<LinkLoad> loads = network_->loads(between_nics);
  for (LinkLoad& load : loads) load.link += first_network_link();
  return loads;
}

}  // namespace fleetwright
