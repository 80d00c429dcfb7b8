#include "sim/collectives/group_traffic.hpp"

#include <algorithm>

namespace fleetwright {
namespace {

int counterpart(const std::vector<int>& node, std::size_t index) {
  return node[index % node.size()];
}

}  // namespace

MembersByNode members_by_node(const Fabric& fabric, const std::vector<int>& group) {
  MembersByNode nodes;
  for (const int member : group) {
    if (nodes.empty() || fabric.node_of(nodes.back().front()) != fabric.node_of(member)) {
      nodes.emplace_back();
    }
    nodes.back().push_back(member);
  }
  return nodes;
}

std::vector<Demand> ring_demands(const MembersByNode& group, Bytes each) {
  std::vector<Demand> demands;
  for (std::size_t n = 0; n < group.size(); ++n) {
    const std::vector<int>& next = group[(n + 1) % group.size()];
    for (std::size_t i = 0; i < group[n].size(); ++i) {
      demands.push_back({group[n][i], counterpart(next, i), each});
    }
  }
  return demands;
}

std::vector<Demand> exchange_demands(const MembersByNode& group, Bytes each) {
  std::vector<Demand> demands;
  if (group.size() < 2) return demands;
  const Bytes part = each / static_cast<double>(group.size() - 1);
  for (std::size_t from = 0; from < group.size(); ++from) {
    for (std::size_t to = 0; to < group.size(); ++to) {
      if (from == to) continue;
      for (std::size_t i = 0; i < group[from].size(); ++i) {
        demands.push_back({group[from][i], counterpart(group[to], i), part});
      }
    }
  }
  return demands;
}

Seconds ring_distance(const Fabric& fabric, const MembersByNode& group) {
  Seconds sum;
  Seconds shortest;
  for (std::size_t n = 0; n < group.size(); ++n) {
    const Seconds edge = fabric.distance(group[n].front(), group[(n + 1) % group.size()].front());
    shortest = n == 0 ? edge : std::min(shortest, edge);
    sum += edge;
  }
  return sum - shortest;
}

Seconds exchange_distance(const Fabric& fabric, const MembersByNode& group) {
  Seconds longest;
  for (const std::vector<int>& node : group) {
    longest = std::max(longest, fabric.distance(group.front().front(), node.front()));
  }
  return longest;
}

}  // namespace fleetwright
