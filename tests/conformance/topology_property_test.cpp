#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

// Every row of builtin_topologies() on clusters of random proportions.
namespace fleetwright {
namespace {

constexpr std::array routings{Routing::adaptive, Routing::ecmp, Routing::fixed};

/// A cluster of any proportions.
Cluster any_cluster(std::mt19937& random) {
  const auto one_of = [&](std::initializer_list<int> choices) {
    return choices
        .begin()[std::uniform_int_distribution<std::size_t>(0, choices.size() - 1)(random)];
  };
  const int gpus_per_node = one_of({1, 4, 8});
  const int nodes = std::uniform_int_distribution<int>(1, 40)(random);
  Cluster c = testing::cluster_of("H800-SXM", nodes * gpus_per_node);
  c.gpus_per_node = gpus_per_node;
  c.nics_per_node = one_of({1, 2, 3, 4, 8});
  c.rails = one_of({0, 0, 1, 2, c.nics_per_node});
  c.switch_ports = std::uniform_int_distribution<int>(2, 40)(random);
  c.oversubscription = 0.5 * one_of({2, 2, 3, 4, 7});
  c.core_oversubscription = 0.5 * one_of({2, 2, 3, 14});
  c.layers = one_of({0, 0, 2, 3});
  c.planes = one_of({0, 0, 1, 2});
  c.routing = routings[static_cast<std::size_t>(one_of({0, 1, 2}))];
  c.data_centres = {one_of({1, 1, 2}), BytesPerSecond{10e9}, Seconds{5e-3}};
  return c;
}

/// Takes back settings that the cluster's topology refuses; false if that does not help.
bool make_acceptable(Cluster& c) {
  while (const auto refusal = refuses_wiring(c)) {
    if (refusal->setting == "oversubscription" && c.oversubscription > 1) {
      c.oversubscription = 1;
    } else if (refusal->setting == "core_oversubscription") {
      c.core_oversubscription = 1;
    } else if (refusal->setting == "layers") {
      c.layers = 0;
    } else if (refusal->setting == "rails" && c.rails != 0) {
      c.rails = 0;
    } else if (refusal->setting == "planes" && c.planes != 0) {
      c.planes = 0;
    } else if (refusal->setting == "data_centres") {
      c.data_centres.count = 1;
    } else {
      return false;
    }
  }
  return true;
}

/// No more cables at a switch than it has ports, and the counts that were promised.
void expect_buildable(const Cluster& c, const Network& network) {
  const NetworkCounts counts = count_network(c);
  std::int64_t switches = 0;
  for (const SwitchPlace& place : network.places()) switches += place.switches;
  RC_ASSERT(switches == counts.switches);
  if (c.routing == Routing::adaptive || c.topology == "single-switch") return;
  std::vector<int> used(network.places().size());
  for (const NetworkLink& link : network.links()) {
    if (!link.bundle) ++used[static_cast<std::size_t>(link.from)];
  }
  RC_ASSERT(std::accumulate(used.begin(), used.end(), std::int64_t{0}) == 2 * counts.switch_links);
  for (int nic = 0; nic < c.nics(); ++nic) ++used[static_cast<std::size_t>(network.place_of(nic))];
  RC_ASSERT(*std::ranges::max_element(used) <= c.switch_ports);
}

RC_GTEST_PROP(AllTopologies, AreWhatTheyCountWhereverTheyDoNotRefuse, ()) {
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  const Cluster proportions = any_cluster(random);
  for (const auto& row : builtin_topologies()) {
    Cluster c = proportions;
    c.topology = row.name;
    if (!make_acceptable(c)) continue;
    const Fabric fabric = build_fabric(c);
    const Network& network = fabric.network();
    expect_buildable(c, network);
    std::uniform_int_distribution<int> any(0, c.gpus - 1);
    for (int i = 0; i < 20; ++i) {
      const int from = any(random);
      const int to = any(random);
      if (fabric.node_of(from) == fabric.node_of(to)) continue;
      const int nic = fabric.nic_of(fabric.sender(from, to));
      RC_ASSERT(network.connects(nic, fabric.nic_of(to)));
      int at = network.place_of(nic);
      for (const LinkId id : network.route(nic, fabric.nic_of(to), 7)) {
        const NetworkLink& link = network.links().at(id);
        const auto& joined = network.joined();
        RC_ASSERT(link.from == at ||
                  std::ranges::find(joined, std::pair(at, link.from)) != joined.end());
        at = link.to;
      }
      const int last = network.place_of(fabric.nic_of(to));
      const auto& joined = network.joined();
      RC_ASSERT(last == at || std::ranges::find(joined, std::pair(at, last)) != joined.end());
    }
  }
}

}  // namespace
}  // namespace fleetwright
