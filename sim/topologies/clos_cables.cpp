#include <fmt/core.h>

#include "sim/topologies/clos_network.hpp"
#include "sim/topologies/path_choice.hpp"

namespace fleetwright {
namespace {

/// A fat tree cable by cable. Going up, a leaf (and an aggregation switch) chooses one of its
/// cables; going down, a switch that has several to the right one chooses among those. Hashed, the
/// choices are random but the same for all of a flow. By destination, they follow from the place of
/// the receiving NIC in its leaf and of the leaf in its pod, so that a cable downwards serves one
/// receiver where the tree has full bandwidth (Zahavi, "Fat-tree routing and node ordering
/// providing contention free traffic for MPI global collectives", JPDC 2012: D-Mod-K).
class ClosCables : public ClosNetwork {
 public:
  ClosCables(const ClosPlan& plan, const Cluster& cluster)
      : ClosNetwork(plan),
        three_(plan.layers == 3),
        hashes_(cluster.routing == Routing::ecmp),
        seed_(cluster.seed),
        // Of leaves over the spines of a plane, or of pods over the cores of a number.
        deal_{three_ ? plan.pod_uplinks : plan.uplinks, plan.tops} {
    flows_per_pair_ = hashes_ ? cluster.queue_pairs : 1;
    add_places();
    add_links(cluster.nic.achievable_bandwidth.value);
  }

  [[nodiscard]] int place_of(int nic) const override { return plan_.layout.leaf_of(nic); }

  [[nodiscard]] std::vector<LinkId> route(int from, int to, std::uint64_t flow) const override {
    const int leaf = plan_.layout.leaf_of(from);
    const int to_leaf = plan_.layout.leaf_of(to);
    if (leaf == to_leaf) return {};
    const auto hash = [&](int at) { return flow_hash(seed_, from, to, flow, at); };
    const auto position = static_cast<std::uint64_t>(plan_.layout.position_in_leaf(to));
    if (!three_) {
      const int a = plan_.layout.leaf_in_plane(leaf);
      const int b = plan_.layout.leaf_in_plane(to_leaf);
      const Crossing over =
          hashes_ ? deal_.hashed(a, b, hash(0), hash(1)) : deal_.by_destination(a, b, position);
      return {leaf_up(leaf, over.up), leaf_up(to_leaf, over.down) + 1};
    }
    const auto aggregations = static_cast<std::uint64_t>(plan_.uplinks);
    const auto number = static_cast<int>((hashes_ ? hash(0) : position) % aggregations);
    const int pod = plan_.pod_of(leaf);
    const int to_pod = plan_.pod_of(to_leaf);
    if (pod == to_pod) return {leaf_up(leaf, number), leaf_up(to_leaf, number) + 1};
    const Crossing over =
        hashes_ ? deal_.hashed(pod % plan_.pods, to_pod % plan_.pods, hash(1), hash(2))
                : deal_.by_destination(pod % plan_.pods, to_pod % plan_.pods, turn_of(to));
    return {leaf_up(leaf, number), pod_up(pod, number, over.up),
            pod_up(to_pod, number, over.down) + 1, leaf_up(to_leaf, number) + 1};
  }

  // The gateway is one receiver for hashes; by destination, NICs take cables in turn.
  [[nodiscard]] std::vector<LinkId> way_up(int nic, std::uint64_t flow) const override {
    const int leaf = plan_.layout.leaf_of(nic);
    const std::uint64_t first =
        hashes_ ? flow_hash(seed_, nic, -1, flow, 0)
                : static_cast<std::uint64_t>(plan_.layout.position_in_leaf(nic));
    const std::uint64_t second = hashes_ ? flow_hash(seed_, nic, -1, flow, 1) : turn_of(nic);
    const auto cable = static_cast<int>(first % static_cast<std::uint64_t>(plan_.uplinks));
    if (!three_) return {leaf_up(leaf, cable)};
    const auto above = static_cast<int>(second % static_cast<std::uint64_t>(plan_.pod_uplinks));
    return {leaf_up(leaf, cable), pod_up(plan_.pod_of(leaf), cable, above)};
  }
  [[nodiscard]] std::vector<LinkId> way_down(int nic, std::uint64_t flow) const override {
    std::vector<LinkId> links = way_up(nic, ~flow);
    for (LinkId& link : links) ++link;
    return {links.rbegin(), links.rend()};
  }

 private:
  /// Numbers the receivers behind one aggregation switch of a pod.
  [[nodiscard]] std::uint64_t turn_of(int nic) const {
    const int leaf = plan_.layout.leaf_in_plane(plan_.layout.leaf_of(nic)) % plan_.leaves_per_pod;
    const int turns = (plan_.ports_per_leaf() + plan_.uplinks - 1) / plan_.uplinks;
    return static_cast<std::uint64_t>(leaf * turns +
                                      plan_.layout.position_in_leaf(nic) / plan_.uplinks);
  }
  [[nodiscard]] LinkId leaf_up(int leaf, int cable) const {
    return static_cast<LinkId>(2 * (leaf * plan_.uplinks + cable));
  }
  [[nodiscard]] LinkId pod_up(int pod, int number, int cable) const {
    return first_pod_link_ +
           static_cast<LinkId>(2 * ((pod * plan_.uplinks + number) * plan_.pod_uplinks + cable));
  }

  void add_places() {
    const int planes = plan_.layout.planes;
    first_middle_ = plan_.layout.leaves();
    first_top_ = first_middle_ + (three_ ? planes * plan_.pods * plan_.uplinks : 0);
    const int tops = planes * plan_.tops * (three_ ? plan_.uplinks : 1);
    places_.assign(static_cast<std::size_t>(first_top_), {2, 1});
    std::fill_n(places_.begin(), first_middle_, SwitchPlace{1, 1});
    places_.resize(places_.size() + static_cast<std::size_t>(tops), {three_ ? 3 : 2, 1});
  }
  void add_links(BytesPerSecond cable) {
    const LeafLayout& layout = plan_.layout;
    links_.reserve(2 * static_cast<std::size_t>(plan_.counts().switch_links));
    for (int leaf = 0; leaf < layout.leaves(); ++leaf) {
      const std::string name =
          fmt::format("leaf{}.rail{}", leaf / layout.rails, leaf % layout.rails);
      for (int i = 0; i < plan_.uplinks; ++i) {
        const int spine =
            layout.plane_of_leaf(leaf) * plan_.tops + deal_.upper_of(layout.leaf_in_plane(leaf), i);
        const int middle = plan_.pod_of(leaf) * plan_.uplinks + i;
        add_cable(name, i, cable, leaf, three_ ? first_middle_ + middle : first_top_ + spine);
      }
    }
    first_pod_link_ = static_cast<LinkId>(links_.size());
    for (int middle = 0; middle < first_top_ - first_middle_; ++middle) {
      const int number = middle % plan_.uplinks;
      const int pod = middle / plan_.uplinks;
      const int plane = pod / plan_.pods;
      const std::string name =
          fmt::format("plane{}.pod{}.switch{}", plane, pod % plan_.pods, number);
      for (int i = 0; i < plan_.pod_uplinks; ++i) {
        const int core =
            (plane * plan_.uplinks + number) * plan_.tops + deal_.upper_of(pod % plan_.pods, i);
        add_cable(name, i, cable, first_middle_ + middle, first_top_ + core);
      }
    }
  }
  void add_cable(const std::string& name, int number, BytesPerSecond rate, int from, int to) {
    add_both_ways({fmt::format("{}.up{}", name, number), rate, 1, from, to, false, -1},
                  fmt::format("{}.down{}", name, number));
  }

  bool three_;
  bool hashes_;
  std::uint64_t seed_;
  CableDeal deal_;
  int first_middle_ = 0;  // places
  int first_top_ = 0;
  LinkId first_pod_link_ = 0;
};

}  // namespace

std::shared_ptr<const Network> make_clos_cables(const ClosPlan& plan, const Cluster& cluster) {
  return std::make_shared<ClosCables>(plan, cluster);
}

}  // namespace fleetwright
