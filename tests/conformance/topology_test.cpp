#include "sim/topologies/topology.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "sim/fabric_graph.hpp"
#include "tests/support/setups.hpp"

// Invariants of every row of builtin_topologies(), with every routing, on nodes of every kind.
namespace fleetwright {
namespace {

/// A cluster that is small enough for all pairs of its GPUs.
struct Shape {
  std::string_view name;
  std::string_view accelerator;
  int nodes;
  int gpus_per_node;
  int nics_per_node;
  int switch_ports;
  int data_centres = 1;
  bool for_all = true;  // every topology takes it
  double oversubscription = 1;
  int layers = 0;
  double core_oversubscription = 1;
};

constexpr std::array shapes{
    Shape{"NVSwitch nodes", "H800-SXM", 16, 8, 8, 16},
    Shape{"small switches", "H800-SXM", 16, 8, 8, 8, 1, false},
    Shape{"PCIe nodes with one NIC", "A100-PCIE-40", 16, 8, 1, 16},
    Shape{"nodes with few NICs", "H800-SXM", 16, 8, 2, 16},
    Shape{"thin leaves", "H800-SXM", 27, 8, 8, 16, 1, false, 3},
    Shape{"a thin core", "H800-SXM", 27, 8, 8, 16, 1, false, 1, 3, 3},
    Shape{"NVL72 domains", "GB200", 4, 72, 72, 40},
    Shape{"two data centres", "H800-SXM", 16, 8, 8, 16, 2},
    Shape{"one node", "H800-SXM", 1, 8, 8, 64},
};
constexpr std::array routings{Routing::adaptive, Routing::ecmp, Routing::fixed};

Cluster cluster_of(const Shape& shape, const std::string& topology, Routing routing) {
  Cluster cluster =
      testing::cluster_of(std::string(shape.accelerator), shape.nodes * shape.gpus_per_node);
  cluster.gpus_per_node = shape.gpus_per_node;
  cluster.nics_per_node = shape.nics_per_node;
  cluster.switch_ports = shape.switch_ports;
  cluster.topology = topology;
  cluster.routing = routing;
  cluster.oversubscription = shape.oversubscription;
  cluster.layers = shape.layers;
  cluster.core_oversubscription = shape.core_oversubscription;
  cluster.data_centres = {shape.data_centres, BytesPerSecond{10e9}, Seconds{5e-3}};
  return cluster;
}

/// A cluster of a row, as the row wired it.
struct Wired {
  Cluster cluster;
  Fabric fabric;
  FabricGraph graph;
  std::set<std::pair<int, int>> joins;

  [[nodiscard]] const Network& network() const { return fabric.network(); }
  [[nodiscard]] const SwitchPlace& place(int place) const {
    return network().places()[static_cast<std::size_t>(place)];
  }
  /// The link of the network that an id of the fabric means, or null.
  [[nodiscard]] const NetworkLink* network_link(LinkId id) const {
    if (id < fabric.first_network_link()) return nullptr;
    return &network().links().at(id - fabric.first_network_link());
  }
  /// The vertices of a route with at most one join between two links; empty if it breaks off.
  [[nodiscard]] std::vector<int> vertices(int from, int to) const {
    std::vector<int> seen{from};
    const auto reaches = [&](int vertex) {
      if (seen.back() == vertex) return true;
      const bool joined = joins.contains({seen.back(), vertex});
      seen.push_back(vertex);
      return joined;
    };
    for (const LinkUse& use : fabric.route(from, to)) {
      if (!reaches(graph.edges()[use.link].from)) return {};
      seen.push_back(graph.edges()[use.link].to);
    }
    return reaches(to) ? seen : std::vector<int>{};
  }
};

class Topologies : public ::testing::TestWithParam<std::string> {
 protected:
  /// Does `check` for each shape that the row takes and each routing.
  static void for_each_network(const std::function<void(const Wired&)>& check) {
    for (const Shape& shape : shapes) {
      for (const Routing routing : routings) {
        const Cluster cluster = cluster_of(shape, GetParam(), routing);
        const auto refusal = refuses_wiring(cluster);
        ASSERT_TRUE(!refusal || !shape.for_all) << shape.name << ": " << refusal->message;
        if (refusal) continue;
        SCOPED_TRACE(fmt::format("{}, {} routing", shape.name, to_string(routing)));
        const Fabric fabric = build_fabric(cluster);
        Wired wired{cluster, fabric, FabricGraph(fabric), {}};
        for (const FabricEdge& edge : wired.graph.edges()) {
          if (!edge.link) wired.joins.insert({edge.from, edge.to});
        }
        check(wired);
      }
    }
  }
};

TEST_P(Topologies, HaveARouteOverLinksThatMeetBetweenAllPairs) {
  for_each_network([](const Wired& w) {
    for (int from = 0; from < w.cluster.gpus; from += 3) {
      for (int to = 0; to < w.cluster.gpus; ++to) {
        std::vector<int> seen = w.vertices(from, to);
        ASSERT_FALSE(seen.empty()) << from << " to " << to;
        std::ranges::sort(seen);
        ASSERT_EQ(std::ranges::adjacent_find(seen), seen.end())
            << "a loop from " << from << " to " << to;
      }
    }
  });
}

TEST_P(Topologies, GoUpTheLayersThenDown) {
  for_each_network([](const Wired& w) {
    for (int from = 0; from < w.cluster.gpus; from += 5) {
      for (int to = 0; to < w.cluster.gpus; ++to) {
        std::vector<int> layers;
        for (const LinkUse& use : w.fabric.route(from, to)) {
          const NetworkLink* link = w.network_link(use.link);
          if (link == nullptr) continue;
          layers.push_back(w.place(link->from).layer);
          layers.push_back(w.place(link->to).layer);
        }
        const auto highest = std::ranges::max_element(layers);
        ASSERT_TRUE(std::is_sorted(layers.begin(), highest)) << from << " to " << to;
        ASSERT_TRUE(std::is_sorted(highest, layers.end(), std::greater{})) << from << " to " << to;
      }
    }
  });
}

TEST_P(Topologies, KnowNoShorterWayOnARail) {
  for_each_network([](const Wired& w) {
    std::mt19937 random(11);
    std::uniform_int_distribution<int> any(0, w.cluster.gpus - 1);
    // A dragonfly may have a cable to the right group on a better switch than the one it chose.
    const int spare = w.cluster.topology == "dragonfly" ? 2 : 0;
    for (int i = 0; i < 12; ++i) {
      const int from = any(random);
      const int node = any(random) / w.cluster.gpus_per_node;
      const int to = node * w.cluster.gpus_per_node + from % w.cluster.gpus_per_node;
      const auto fewest = w.graph.fewest_links(from, to);
      ASSERT_TRUE(fewest.has_value());
      const auto length = static_cast<int>(w.fabric.route(from, to).size());
      EXPECT_GE(length, *fewest) << from << " to " << to;
      EXPECT_LE(length, *fewest + spare) << from << " to " << to;
    }
  });
}

// What comes into a place has to leave it; the NICs bring and take. Joined places are one.
TEST_P(Topologies, ConserveBytes) {
  for_each_network([](const Wired& w) {
    std::mt19937 random(3);
    std::uniform_int_distribution<int> any(0, w.cluster.gpus - 1);
    std::vector<std::size_t> group(w.network().places().size());
    for (std::size_t i = 0; i < group.size(); ++i) group[i] = i;
    for (const auto& [a, b] : w.network().joined()) {
      const std::size_t old = group[static_cast<std::size_t>(b)];
      std::ranges::replace(group, old, group[static_cast<std::size_t>(a)]);
    }
    std::vector<double> balance(group.size());
    const auto at = [&](int place) -> double& {
      return balance[group[static_cast<std::size_t>(place)]];
    };
    std::vector<Demand> demands;
    double sent = 0;
    for (int i = 0; i < 400; ++i) {
      const Demand d{any(random), any(random), Bytes{1e6 * (1 + any(random))}};
      demands.push_back(d);
      if (w.fabric.node_of(d.from) == w.fabric.node_of(d.to)) continue;
      at(w.network().place_of(w.fabric.nic_of(w.fabric.sender(d.from, d.to)))) += d.bytes.si();
      at(w.network().place_of(w.fabric.nic_of(d.to))) -= d.bytes.si();
      sent += d.bytes.si();
    }
    for (const LinkLoad& load : w.fabric.network_loads(demands)) {
      ASSERT_GT(load.bytes.si(), 0);
      at(w.network_link(load.link)->from) -= load.bytes.si();
      at(w.network_link(load.link)->to) += load.bytes.si();
    }
    for (const double left : balance) EXPECT_NEAR(left, 0, 1e-9 * sent);
  });
}

TEST_P(Topologies, LoadLinksAsRoutesDo) {
  for_each_network([](const Wired& w) {
    // Demands that go on together take detours there that none takes alone.
    if (w.cluster.topology == "dragonfly" && w.cluster.routing == Routing::adaptive) return;
    std::vector<Demand> demands;
    std::map<LinkId, double> by_routes;
    for (int gpu = 0; gpu < w.cluster.gpus; ++gpu) {
      const int to = (gpu * 7 + w.cluster.gpus / 2 + 1) % w.cluster.gpus;
      demands.push_back({gpu, to, Bytes{1e6 + gpu}});
      for (const LinkUse& use : w.fabric.route(gpu, to)) {
        if (w.network_link(use.link) != nullptr) by_routes[use.link] += 1e6 + gpu;
      }
    }
    std::map<LinkId, double> loads;
    for (const LinkLoad& load : w.fabric.network_loads(demands)) loads[load.link] = load.bytes.si();
    EXPECT_EQ(loads, by_routes);
  });
}

TEST_P(Topologies, HaveTheSameBandwidthBothWays) {
  for_each_network([](const Wired& w) {
    std::map<std::pair<int, int>, double> between;
    // A gateway is two places without a switch of its own: to leave by, and then to come in.
    const int gateways = static_cast<int>(w.network().places().size()) -
                         (w.cluster.data_centres.count > 1 ? 2 * w.cluster.data_centres.count : 0);
    const auto either = [&](int place) {
      return place >= gateways ? place - (place - gateways) % 2 : place;
    };
    for (const NetworkLink& link : w.network().links()) {
      between[{either(link.from), either(link.to)}] += link.capacity.si();
    }
    for (const auto& [ends, capacity] : between) {
      EXPECT_DOUBLE_EQ(capacity, between.at({ends.second, ends.first}))
          << ends.first << " and " << ends.second;
    }
    for (int gpu = 1; gpu < w.cluster.gpus; ++gpu) {
      EXPECT_EQ(w.fabric.bandwidth(w.fabric.route(0, gpu)),
                w.fabric.bandwidth(w.fabric.route(gpu, 0)));
    }
  });
}

TEST_P(Topologies, CountWhatTheGraphHas) {
  for_each_network([](const Wired& w) {
    const NetworkCounts counts = count_network(w.cluster);
    int switches = 0;
    for (const SwitchPlace& place : w.network().places()) switches += place.switches;
    EXPECT_EQ(switches, counts.switches);
    EXPECT_EQ(w.cluster.nics(), counts.end_points);
    EXPECT_LE(counts.transceivers, 2 * (counts.end_points + counts.switch_links));
    if (w.cluster.routing == Routing::adaptive) return;  // leaves out cables that cannot bind
    std::vector<int> used(w.network().places().size());
    std::int64_t ends = 0;
    for (const NetworkLink& link : w.network().links()) {
      if (link.bundle) continue;  // between data centres
      used[static_cast<std::size_t>(link.from)] += link.cables;
      ends += link.cables;
    }
    EXPECT_EQ(ends, 2 * counts.switch_links);
    for (int nic = 0; nic < w.cluster.nics(); ++nic) {
      ++used[static_cast<std::size_t>(w.network().place_of(nic))];
    }
    if (w.cluster.topology == "single-switch") return;  // it has as many ports as it takes
    EXPECT_LE(*std::ranges::max_element(used), w.cluster.switch_ports);
  });
}

TEST_P(Topologies, AreTheSameForTheSameSeed) {
  for_each_network([](const Wired& w) {
    const Fabric again = build_fabric(w.cluster);
    ASSERT_EQ(again.links().size(), w.fabric.links().size());
    std::set<std::string> names;
    for (std::size_t i = 0; i < again.links().size(); ++i) {
      EXPECT_EQ(again.links()[i].name, w.fabric.links()[i].name);
      EXPECT_EQ(again.links()[i].capacity, w.fabric.links()[i].capacity);
      EXPECT_TRUE(names.insert(again.links()[i].name).second)
          << "a second " << again.links()[i].name;
    }
    for (int gpu = 0; gpu < w.cluster.gpus; ++gpu) {
      EXPECT_EQ(again.route(gpu, w.cluster.gpus / 2), w.fabric.route(gpu, w.cluster.gpus / 2));
    }
  });
}

TEST_P(Topologies, AreNeverBetterThanOneSwitch) {
  for_each_network([](const Wired& w) {
    for (int gpu = w.cluster.gpus_per_node; gpu < w.cluster.gpus; ++gpu) {
      EXPECT_GE(w.fabric.latency(0, gpu), w.cluster.nic.latency.value);
      EXPECT_LE(w.fabric.bandwidth(w.fabric.route(0, gpu)),
                w.cluster.nic.achievable_bandwidth.value);
    }
  });
}

TEST_P(Topologies, RefuseMoreThanTheirSwitchesReach) {
  const Shape many{"", "H800-SXM", 1'000'000, 8, 8, 32};
  const auto refusal = refuses_wiring(cluster_of(many, GetParam(), Routing::adaptive));
  ASSERT_EQ(refusal.has_value(), GetParam() != "single-switch");
  if (!refusal) return;
  EXPECT_EQ(refusal->setting, "topology");
}

TEST_P(Topologies, HaveLinearlyManyLinksAndShortRoutesAt49152Gpus) {
  // Larger switches where 64 ports do not reach so far.
  const int ports = GetParam() == "rail-only"              ? 6144
                    : GetParam() == "multi-plane-fat-tree" ? 128
                                                           : 64;
  const Shape large{"", "H800-SXM", 6144, 8, 8, ports};
  for (const Routing routing : routings) {
    const Fabric fabric = build_fabric(cluster_of(large, GetParam(), routing));
    EXPECT_LE(fabric.links().size(), 12U * 49152U);
    std::mt19937 random(5);
    std::uniform_int_distribution<int> any(0, 49151);
    for (int i = 0; i < 100'000; ++i) {
      ASSERT_LE(fabric.route(any(random), any(random)).size(), 8U);
    }
  }
}

std::string name_of(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::erase(name, '-');
  return name;
}

INSTANTIATE_TEST_SUITE_P(AllRows, Topologies, ::testing::ValuesIn(names_of(builtin_topologies())),
                         name_of);

}  // namespace
}  // namespace fleetwright
