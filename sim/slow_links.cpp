#include "sim/slow_links.hpp"

#include <algorithm>
#include <set>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

LinkId link_named(const Fabric& fabric, const std::string& name) {
  const auto found = std::ranges::find(fabric.links(), name, &FabricLink::name);
  ensure(found != fabric.links().end(), "a slow link that the fabric has not");
  return static_cast<LinkId>(found - fabric.links().begin());
}

/// GPUs that one stands for: those of its column in its stage, or of its column in its node.
std::vector<int> members_with(int gpu, const Fabric& fabric, const ColumnLayout& layout,
                              Granularity granularity) {
  const int first = gpu - gpu % layout.width;
  std::vector<int> members;
  for (int member = first; member < first + layout.width; ++member) {
    const bool same_node = fabric.node_of(member) == fabric.node_of(gpu);
    if (granularity == Granularity::gpu ? member == gpu
                                        : granularity != Granularity::node || same_node) {
      members.push_back(member);
    }
  }
  return members;
}

}  // namespace

Fabric slow_fabric(const Fabric& fabric, const std::vector<SlowLink>& slow,
                   const ColumnLayout& layout, Granularity granularity) {
  if (slow.empty()) return fabric;
  std::vector<double> speed(fabric.links().size(), 1.0);
  const auto slow_down = [&](LinkId link, double factor) {
    speed[link] = std::min(speed[link], 1.0 / factor);
  };
  for (const SlowLink& one : slow) {
    const LinkId link = link_named(fabric, one.link);
    slow_down(link, one.factor);
    if (link >= fabric.first_network_link()) continue;
    for (int gpu = 0; gpu < fabric.shape().gpus; ++gpu) {
      for (const auto& of :
           {&Fabric::nic_out, &Fabric::nic_in, &Fabric::scale_up_out, &Fabric::scale_up_in}) {
        if ((fabric.*of)(gpu) != link) continue;
        for (const int member : members_with(gpu, fabric, layout, granularity)) {
          slow_down((fabric.*of)(member), one.factor);
        }
      }
    }
  }
  return fabric.with_speeds(speed);
}

std::vector<int> slow_columns(const Variation& variation, const ColumnLayout& layout,
                              const Fabric& fabric) {
  std::set<LinkId> links;
  for (const SlowLink& slow : variation.slow_links) links.insert(link_named(fabric, slow.link));
  std::set<int> nodes;
  for (const SlowNode& slow : variation.slow_nodes) nodes.insert(slow.node);
  std::set<int> columns;
  for (int gpu = 0; gpu < fabric.shape().gpus; ++gpu) {
    const bool is_slow =
        nodes.contains(fabric.node_of(gpu)) || links.contains(fabric.nic_out(gpu)) ||
        links.contains(fabric.nic_in(gpu)) || links.contains(fabric.scale_up_out(gpu)) ||
        links.contains(fabric.scale_up_in(gpu));
    if (is_slow) columns.insert(layout.column_of(gpu));
  }
  return {columns.begin(), columns.end()};
}

}  // namespace fleetwright
