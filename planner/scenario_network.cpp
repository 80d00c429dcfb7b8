// The settings of [cluster] that say how nodes are wired.

#include <fmt/format.h>

#include <array>

#include "planner/scenario_reader.hpp"
#include "sim/collectives/builtin_collectives.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

constexpr std::array routings{Routing::adaptive, Routing::ecmp, Routing::fixed};

// Bounds against slips: no switch, ratio or count beyond has been built.
constexpr Range<std::int64_t> ports{2, 1024};
constexpr Range<double> ratios{1.0, 64.0};
constexpr Range<std::int64_t> few{1, 4096};

}  // namespace

void ScenarioReader::read_network(SettingReader& in, Cluster& cluster) {
  cluster.seed = static_cast<std::uint64_t>(scenario_.seed);
  cluster.topology = in.choice_or("topology", fleetwright::names_of(builtin_topologies()),
                                  "fat-tree", "the usual shape");
  cluster.switch_ports = in.integer_or("switch_ports", ports, 64, "the usual switch");
  cluster.oversubscription =
      in.number_or("oversubscription", ratios, 1.0, "full bisection bandwidth");
  cluster.core_oversubscription =
      in.number_or("core_oversubscription", ratios, 1.0, "full bisection bandwidth");
  const auto optional_count = [&](std::string_view key, Range<std::int64_t> bounds,
                                  std::string_view fallback) {
    return static_cast<int>(in.optional_integer(key, bounds, fallback).value_or(0));
  };
  cluster.layers = optional_count("layers", {1, 3}, "as few as reach all NICs");
  cluster.rails = optional_count("rails", few, "one for each NIC of a node, up to eight");
  cluster.planes = optional_count("planes", few, "as the topology has it");
  read_routing(in, cluster);
  read_data_centres(in, cluster);
  read_collective(in, cluster);
}

void ScenarioReader::read_collective(SettingReader& in, Cluster& cluster) {
  std::vector<std::string> names{"auto"};
  for (const auto& row : builtin_collectives()) {
    // All-to-all is the experts' own: by the stack's kernels.
    if (row.make()->supports(CollectiveKind::all_reduce, {2, 2})) names.emplace_back(row.name);
  }
  cluster.collective = in.choice_or("collective", names, "auto", "the fastest, as NCCL chooses");
  cluster.in_network_reduction =
      in.boolean_or("in_network_reduction", false, "switches that only forward");
  if (cluster.collective == "in-network" && !cluster.in_network_reduction) {
    in.table().error("collective", "in-network collectives need in_network_reduction",
                     "add in_network_reduction = true");
  }
}

void ScenarioReader::read_routing(SettingReader& in, Cluster& cluster) {
  std::vector<std::string> names;
  for (const Routing routing : routings) names.emplace_back(to_string(routing));
  const std::string chosen =
      in.choice_or("routing", names, "adaptive", "traffic spreads evenly over equal paths");
  for (const Routing routing : routings) {
    if (to_string(routing) == chosen) cluster.routing = routing;
  }
  cluster.queue_pairs = in.integer_or("queue_pairs", few, 1, "one flow between two NICs");
  if (cluster.queue_pairs > 1 && cluster.routing != Routing::ecmp) {
    in.table().error(
        "queue_pairs",
        fmt::format("queue_pairs are what ecmp puts on paths of their own, and routing "
                    "is {}",
                    chosen),
        "add routing = \"ecmp\", or remove queue_pairs");
  }
}

void ScenarioReader::read_data_centres(SettingReader& in, Cluster& cluster) {
  DataCentres& centres = cluster.data_centres;
  centres.count = in.integer_or("data_centres", few, 1, "all nodes in one place");
  if (centres.count == 1) {
    for (const std::string_view key : {"data_centre_bandwidth", "data_centre_latency"}) {
      if (!in.has(key)) continue;
      static_cast<void>(in.text(key));
      in.table().error(key, fmt::format("{} is between data centres, and there is one", key),
                       "add data_centres = 2, or remove it");
    }
    return;
  }
  centres.bandwidth =
      in.quantity<BytesPerSecond>("data_centre_bandwidth").value_or(BytesPerSecond{1});
  in.table().require("data_centre_bandwidth", "\"800 Gbps\"");
  centres.latency = in.quantity<Seconds>("data_centre_latency").value_or(Seconds{0});
  in.table().require("data_centre_latency", "\"5 ms\"");
}

}  // namespace fleetwright
