#include <fmt/core.h>

#include <algorithm>

#include "sim/topologies/dragonfly_network.hpp"

namespace fleetwright {
namespace {

// Demands that just fit direct cables, computed in another order.
constexpr double rounding = 1e-12;

std::size_t pair_index(const DragonflyPlan& plan, int from, int to) {
  return static_cast<std::size_t>(from) * static_cast<std::size_t>(plan.groups) +
         static_cast<std::size_t>(to);
}

/// A dragonfly with adaptive routing (UGAL: Kim et al., ISCA 2008, section 4). Inside a group a
/// balanced dragonfly carries what its NICs can send, detours included, so those cables are left
/// out. Between groups they can bind: a lone flow sees all cables of its group, and demands that go
/// on together are spread over direct cables first, then over detours.
class DragonflyBundles : public Network {
 public:
  DragonflyBundles(const DragonflyPlan& plan, const Cluster& cluster)
      : plan_(plan), cable_(cluster.nic.achievable_bandwidth.value) {
    places_.resize(static_cast<std::size_t>(plan.groups), {1, plan.routers});
    if (plan.groups == 1) return;
    places_.push_back({2, 0});
    for (int group = 0; group < plan.groups; ++group) {
      const std::string name = fmt::format("group{}", group);
      add_both_ways({name + ".out", cable_ * plan.ports_used(), plan.ports_used(), group,
                     plan.groups, true, -1},
                    name + ".in");
    }
  }

  [[nodiscard]] int place_of(int nic) const override { return group_of(nic); }
  [[nodiscard]] bool connects(int /*from*/, int /*to*/) const override { return true; }

  // Over a cable of the shortest way: switch, gateway, gateway, switch.
  [[nodiscard]] Way way(int from, int to) const override {
    const int router = plan_.layout.leaf_of(from);
    const int to_router = plan_.layout.leaf_of(to);
    if (router == to_router) return {1, Seconds{0}};
    return {plan_.group_of(router) == plan_.group_of(to_router) ? 2 : 4, Seconds{0}};
  }
  [[nodiscard]] std::vector<LinkId> route(int from, int to, std::uint64_t flow) const override {
    if (group_of(from) == group_of(to)) return {};
    return {way_up(from, flow).front(), way_down(to, flow).front()};
  }
  [[nodiscard]] std::vector<LinkId> way_up(int nic, std::uint64_t /*flow*/) const override {
    if (plan_.groups == 1) return {};
    return {static_cast<LinkId>(2 * group_of(nic))};
  }
  [[nodiscard]] std::vector<LinkId> way_down(int nic, std::uint64_t flow) const override {
    std::vector<LinkId> links = way_up(nic, flow);
    for (LinkId& link : links) ++link;
    return links;
  }

  [[nodiscard]] std::vector<LinkLoad> loads(std::span<const NicDemand> demands) const override {
    std::vector<LinkLoad> loads = Network::loads(demands);
    if (loads.empty()) return loads;
    const auto groups = static_cast<std::size_t>(plan_.groups);
    std::vector<Seconds> between(groups * groups);
    for (const NicDemand& d : demands) {
      if (group_of(d.from) == group_of(d.to)) continue;
      between[pair_index(plan_, group_of(d.from), group_of(d.to))] += d.bytes / cable_;
    }
    const Bytes detours = detour_load(plan_, between) * cable_;
    if (detours <= Bytes{0}) return loads;
    std::vector<Bytes> on_link(links_.size(), detours);
    for (const LinkLoad& load : loads) on_link[load.link] += load.bytes;
    loads.clear();
    for (LinkId link = 0; link < on_link.size(); ++link) loads.push_back({link, on_link[link]});
    return loads;
  }

 private:
  [[nodiscard]] int group_of(int nic) const { return plan_.group_of(plan_.layout.leaf_of(nic)); }

  DragonflyPlan plan_;
  BytesPerSecond cable_;
};

}  // namespace

// With demands D_ij and m_ij direct cables, time t leaves max(0, D_ij - m_ij t) of a pair to
// detours; they pass as many groups as there are, so each group carries their sum over the number
// of groups on top of its own. The load that comes out falls with t: bisection finds the t at which
// the fullest group is just done.
Seconds detour_load(const DragonflyPlan& plan, std::span<const Seconds> demand) {
  struct Pair {
    Seconds demand;
    int cables;
  };
  std::vector<Pair> pairs;
  std::vector<Seconds> out(static_cast<std::size_t>(plan.groups));
  std::vector<Seconds> in(out.size());
  Seconds sum;
  for (int i = 0; i < plan.groups; ++i) {
    for (int j = 0; j < plan.groups; ++j) {
      const Seconds d = demand[pair_index(plan, i, j)];
      if (d <= Seconds{0}) continue;
      pairs.push_back({d, plan.cables((j - i + plan.groups) % plan.groups)});
      out[static_cast<std::size_t>(i)] += d;
      in[static_cast<std::size_t>(j)] += d;
      sum += d;
    }
  }
  const Seconds fullest = std::max(*std::ranges::max_element(out), *std::ranges::max_element(in));
  const double ports = plan.ports_used();
  const auto detours_at = [&](Seconds t) {
    Seconds left;
    for (const Pair& pair : pairs) left += std::max(Seconds{0}, pair.demand - t * pair.cables);
    return left / plan.groups;
  };
  Seconds low = fullest / ports;
  if (detours_at(low) <= fullest * rounding) return Seconds{0};
  Seconds high = (fullest + sum / plan.groups) / ports;
  for (int i = 0; i < 60; ++i) {
    const Seconds middle = (low + high) / 2;
    ((fullest + detours_at(middle)) / ports > middle ? low : high) = middle;
  }
  return detours_at(high);
}

std::shared_ptr<const Network> make_dragonfly_bundles(const DragonflyPlan& plan,
                                                      const Cluster& cluster) {
  return std::make_shared<DragonflyBundles>(plan, cluster);
}

}  // namespace fleetwright
