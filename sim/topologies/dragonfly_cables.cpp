#include <fmt/core.h>

#include "sim/topologies/dragonfly_network.hpp"
#include "sim/topologies/path_choice.hpp"

namespace fleetwright {
namespace {

/// A dragonfly whose flows take a shortest way: to the switch that has a cable to the right group,
/// over that cable, and on to the switch of the receiver. Where a pair of groups has several
/// cables, a hash or the receiver chooses.
class DragonflyCables : public Network {
 public:
  DragonflyCables(const DragonflyPlan& plan, const Cluster& cluster)
      : plan_(plan), hashes_(cluster.routing == Routing::ecmp), seed_(cluster.seed) {
    flows_per_pair_ = hashes_ ? cluster.queue_pairs : 1;
    places_.resize(static_cast<std::size_t>(plan.groups * plan.routers));
    add_links(cluster.nic.achievable_bandwidth.value);
  }

  [[nodiscard]] int place_of(int nic) const override { return plan_.layout.leaf_of(nic); }
  [[nodiscard]] bool connects(int /*from*/, int /*to*/) const override { return true; }
  [[nodiscard]] Way way(int from, int to) const override {
    return {static_cast<int>(route(from, to, 0).size()) + 1, Seconds{0}};
  }

  [[nodiscard]] std::vector<LinkId> route(int from, int to, std::uint64_t flow) const override {
    const int router = plan_.layout.leaf_of(from);
    const int to_router = plan_.layout.leaf_of(to);
    const int group = plan_.group_of(router);
    const int to_group = plan_.group_of(to_router);
    std::vector<LinkId> links;
    if (group == to_group) {
      add_local(router, to_router, links);
      return links;
    }
    const int offset = (to_group - group + plan_.groups) % plan_.groups;
    const std::uint64_t choice =
        hashes_ ? flow_hash(seed_, from, to, flow, 0) : static_cast<std::uint64_t>(to);
    const auto cable = static_cast<int>(choice % static_cast<std::uint64_t>(plan_.cables(offset)));
    const int out = plan_.port(offset, cable);
    const int in = plan_.port(plan_.groups - offset, cable);
    add_local(router, group * plan_.routers + plan_.router_of_port(out), links);
    links.push_back(far(group, out));
    add_local(to_group * plan_.routers + plan_.router_of_port(in), to_router, links);
    return links;
  }
  // Gateways hang on every switch.
  [[nodiscard]] std::vector<LinkId> way_up(int /*nic*/, std::uint64_t /*flow*/) const override {
    return {};
  }
  [[nodiscard]] std::vector<LinkId> way_down(int /*nic*/, std::uint64_t /*flow*/) const override {
    return {};
  }

 private:
  void add_local(int from, int to, std::vector<LinkId>& links) const {
    if (from == to) return;
    const int a = plan_.routers;
    const int other = to % a > from % a ? to % a - 1 : to % a;
    links.push_back(static_cast<LinkId>(from * (a - 1) + other));
  }
  [[nodiscard]] LinkId far(int group, int port) const {
    return first_far_ + static_cast<LinkId>(group * plan_.ports_used() + port);
  }
  void add_links(BytesPerSecond cable) {
    const int a = plan_.routers;
    for (int router = 0; router < plan_.groups * a; ++router) {
      for (int other = router / a * a; other < (router / a + 1) * a; ++other) {
        if (other == router) continue;
        links_.push_back({fmt::format("switch{}.to{}", router, other), cable, 1, router, other});
      }
    }
    first_far_ = static_cast<LinkId>(links_.size());
    const int ports = plan_.ports_used();
    std::vector<int> cables_so_far(static_cast<std::size_t>(plan_.groups));
    for (int group = 0; group < plan_.groups; ++group) {
      cables_so_far.assign(cables_so_far.size(), 0);
      for (int port = 0; port < ports; ++port) {
        const int offset = plan_.offset_of(port);
        const int cable_number = cables_so_far[static_cast<std::size_t>(offset)]++;
        const int to_group = (group + offset) % plan_.groups;
        const int in = plan_.port(plan_.groups - offset, cable_number);
        links_.push_back({fmt::format("group{}.port{}", group, port), cable, 1,
                          group * a + plan_.router_of_port(port),
                          to_group * a + plan_.router_of_port(in)});
      }
    }
  }

  DragonflyPlan plan_;
  bool hashes_;
  std::uint64_t seed_;
  LinkId first_far_ = 0;
};

}  // namespace

std::shared_ptr<const Network> make_dragonfly_cables(const DragonflyPlan& plan,
                                                     const Cluster& cluster) {
  return std::make_shared<DragonflyCables>(plan, cluster);
}

}  // namespace fleetwright
