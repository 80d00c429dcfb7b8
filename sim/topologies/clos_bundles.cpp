#include <fmt/core.h>

#include "sim/topologies/clos_network.hpp"

namespace fleetwright {
namespace {

/// A fat tree in which traffic spreads evenly over the cables between two layers, so that all of
/// them from one leaf, or from one pod, are one link. Layers that cannot bind melt into what is
/// above them.
class ClosBundles : public ClosNetwork {
 public:
  ClosBundles(const ClosPlan& plan, const Cluster& cluster)
      : ClosNetwork(plan), leaves_(plan.leaves_bind()), pods_(plan.pods_bind()) {
    const int leaves = plan.layout.leaves();
    const int pods = plan.layout.planes * plan.pods;
    first_pod_ = leaves_ ? leaves : 0;
    first_top_ = first_pod_ + (pods_ ? pods : 0);
    places_.resize(static_cast<std::size_t>(first_top_ + plan.layout.planes), {1, 0});
    count_switches();
    if (leaves_) add_leaf_links(cluster.nic.achievable_bandwidth.value);
    first_pod_link_ = static_cast<LinkId>(links_.size());
    if (pods_) add_pod_links(cluster.nic.achievable_bandwidth.value);
  }

  [[nodiscard]] int place_of(int nic) const override {
    return place_of_leaf(plan_.layout.leaf_of(nic));
  }

  [[nodiscard]] std::vector<LinkId> route(int from, int to, std::uint64_t /*flow*/) const override {
    const int from_leaf = plan_.layout.leaf_of(from);
    const int to_leaf = plan_.layout.leaf_of(to);
    if (from_leaf == to_leaf) return {};
    const bool crosses = pods_ && plan_.pod_of(from_leaf) != plan_.pod_of(to_leaf);
    std::vector<LinkId> links;
    if (leaves_) links.push_back(leaf_up(from_leaf));
    if (crosses) links.push_back(pod_up(from_leaf));
    if (crosses) links.push_back(pod_up(to_leaf) + 1);
    if (leaves_) links.push_back(leaf_up(to_leaf) + 1);
    return links;
  }
  [[nodiscard]] std::vector<LinkId> way_up(int nic, std::uint64_t /*flow*/) const override {
    const int leaf = plan_.layout.leaf_of(nic);
    std::vector<LinkId> links;
    if (leaves_) links.push_back(leaf_up(leaf));
    if (pods_) links.push_back(pod_up(leaf));
    return links;
  }
  [[nodiscard]] std::vector<LinkId> way_down(int nic, std::uint64_t /*flow*/) const override {
    const int leaf = plan_.layout.leaf_of(nic);
    std::vector<LinkId> links;
    if (pods_) links.push_back(pod_up(leaf) + 1);
    if (leaves_) links.push_back(leaf_up(leaf) + 1);
    return links;
  }

 private:
  [[nodiscard]] static LinkId leaf_up(int leaf) { return static_cast<LinkId>(2 * leaf); }
  [[nodiscard]] LinkId pod_up(int leaf) const {
    return first_pod_link_ + static_cast<LinkId>(2 * plan_.pod_of(leaf));
  }
  [[nodiscard]] int above_leaf(int leaf) const {
    return pods_ ? first_pod_ + plan_.pod_of(leaf) : first_top_ + plan_.layout.plane_of_leaf(leaf);
  }
  [[nodiscard]] int place_of_leaf(int leaf) const { return leaves_ ? leaf : above_leaf(leaf); }

  /// Each layer counts for the lowest place that is not below it.
  void count_switches() {
    const auto count_at = [&](int place, int switches, int layer) {
      SwitchPlace& at = places_[static_cast<std::size_t>(place)];
      at.switches += switches;
      at.layer = layer;
    };
    for (int leaf = 0; leaf < plan_.layout.leaves(); ++leaf) count_at(place_of_leaf(leaf), 1, 1);
    const int above_leaves = leaves_ ? 2 : 1;
    for (int plane = 0; plane < plan_.layout.planes; ++plane) {
      for (int pod = 0; plan_.layers == 3 && pod < plan_.pods; ++pod) {
        const int place = pods_ ? first_pod_ + plane * plan_.pods + pod : first_top_ + plane;
        count_at(place, plan_.uplinks, above_leaves);
      }
      const int cores = plan_.layers == 3 ? plan_.uplinks * plan_.tops : plan_.tops;
      count_at(first_top_ + plane, cores, above_leaves + (pods_ ? 1 : 0));
    }
  }
  void add_leaf_links(BytesPerSecond cable) {
    for (int leaf = 0; leaf < plan_.layout.leaves(); ++leaf) {
      const int rail = leaf % plan_.layout.rails;
      const std::string name = fmt::format("leaf{}.rail{}", leaf / plan_.layout.rails, rail);
      add_both_ways(
          {name + ".up", cable * plan_.uplinks, plan_.uplinks, leaf, above_leaf(leaf), true, rail},
          name + ".down");
    }
  }
  void add_pod_links(BytesPerSecond cable) {
    const int cables = plan_.uplinks * plan_.pod_uplinks;
    for (int pod = 0; pod < plan_.layout.planes * plan_.pods; ++pod) {
      const std::string name = fmt::format("plane{}.pod{}", pod / plan_.pods, pod % plan_.pods);
      add_both_ways({name + ".up", cable * cables, cables, first_pod_ + pod,
                     first_top_ + pod / plan_.pods, true, -1},
                    name + ".down");
    }
  }

  bool leaves_;
  bool pods_;
  int first_pod_ = 0;  // places
  int first_top_ = 0;
  LinkId first_pod_link_ = 0;
};

}  // namespace

std::shared_ptr<const Network> make_clos_bundles(const ClosPlan& plan, const Cluster& cluster) {
  return std::make_shared<ClosBundles>(plan, cluster);
}

}  // namespace fleetwright
