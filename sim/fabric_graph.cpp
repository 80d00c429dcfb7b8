#include "sim/fabric_graph.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/push_relabel_max_flow.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

/// Vertices by kind, one kind after the other.
struct Vertices {
  int node_switches = 0;
  int senders = 0;  // NICs
  int receivers = 0;
  int places = 0;
  int end = 0;
};

Vertices vertices_of(const Fabric& fabric) {
  const int nics = fabric.nodes() * fabric.shape().nics_per_node;
  Vertices v;
  v.node_switches = fabric.shape().gpus;
  v.senders = v.node_switches + fabric.nodes();
  v.receivers = v.senders + nics;
  v.places = v.receivers + nics;
  v.end = v.places + static_cast<int>(fabric.network().places().size());
  return v;
}

// Whole bytes a second: push-relabel is exact with integers.
using Capacity = std::int64_t;
constexpr Capacity unlimited = 1'000'000'000'000'000'000;

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
using FlowGraph = boost::adjacency_list<
    boost::vecS, boost::vecS, boost::directedS, boost::no_property,
    boost::property<
        boost::edge_capacity_t, Capacity,
        boost::property<boost::edge_residual_capacity_t, Capacity,
                        boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>>;

void add_capacity(FlowGraph& graph, int from, int to, Capacity capacity) {
  const auto there =
      boost::add_edge(static_cast<std::size_t>(from), static_cast<std::size_t>(to), graph).first;
  const auto back =
      boost::add_edge(static_cast<std::size_t>(to), static_cast<std::size_t>(from), graph).first;
  boost::put(boost::edge_capacity, graph, there, capacity);
  boost::put(boost::edge_capacity, graph, back, 0);
  boost::put(boost::edge_reverse, graph, there, back);
  boost::put(boost::edge_reverse, graph, back, there);
}

}  // namespace

FabricGraph::FabricGraph(const Fabric& fabric) {
  const Vertices v = vertices_of(fabric);
  const FabricShape& shape = fabric.shape();
  const Network& network = fabric.network();
  vertices_ = v.end;
  for (const FabricLink& link : fabric.links()) capacities_.push_back(link.capacity);
  const auto add_link = [&](int from, int to) {
    edges_.push_back({from, to, static_cast<LinkId>(edges_.size())});
  };
  for (int gpu = 0; gpu < shape.gpus; ++gpu) {
    add_link(gpu, v.node_switches + fabric.node_of(gpu));
    add_link(v.node_switches + fabric.node_of(gpu), gpu);
  }
  for (int nic = 0; nic < fabric.nodes() * shape.nics_per_node; ++nic) {
    add_link(v.senders + nic, v.places + network.place_of(nic));
    add_link(v.places + network.place_of(nic), v.receivers + nic);
  }
  for (const NetworkLink& link : network.links())
    add_link(v.places + link.from, v.places + link.to);
  ensure(edges_.size() == capacities_.size(), "a fabric graph has not the links of its fabric");

  for (int gpu = 0; gpu < shape.gpus; ++gpu) {
    const int nic = fabric.nic_of(gpu);
    const int inside = shape.nics_behind_ports ? v.node_switches + fabric.node_of(gpu) : gpu;
    edges_.push_back({inside, v.senders + nic, std::nullopt});
    edges_.push_back({v.receivers + nic, inside, std::nullopt});
  }
  for (const auto& [a, b] : network.joined()) {
    edges_.push_back({v.places + a, v.places + b, std::nullopt});
  }
}

std::optional<int> FabricGraph::fewest_links(int from_gpu, int to_gpu) const {
  using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, int>;
  std::vector<std::pair<std::size_t, std::size_t>> ends;
  std::vector<int> lengths;
  for (const FabricEdge& edge : edges_) {
    ends.emplace_back(edge.from, edge.to);
    lengths.push_back(edge.link ? 1 : 0);
  }
  const Graph graph(boost::edges_are_unsorted_multi_pass, ends.begin(), ends.end(), lengths.begin(),
                    static_cast<std::size_t>(vertices_));
  std::vector<int> distance(static_cast<std::size_t>(vertices_));
  boost::dijkstra_shortest_paths(
      graph, static_cast<std::size_t>(from_gpu),
      boost::weight_map(boost::get(boost::edge_bundle, graph))
          .distance_map(boost::make_iterator_property_map(distance.begin(),
                                                          boost::get(boost::vertex_index, graph))));
  const int links = distance[static_cast<std::size_t>(to_gpu)];
  if (links == std::numeric_limits<int>::max()) return std::nullopt;
  return links;
}

BytesPerSecond FabricGraph::max_flow(std::span<const int> from_gpus,
                                     std::span<const int> to_gpus) const {
  const int source = vertices_;
  const int sink = vertices_ + 1;
  FlowGraph graph(static_cast<std::size_t>(vertices_) + 2);
  for (const FabricEdge& edge : edges_) {
    const Capacity capacity =
        edge.link ? static_cast<Capacity>(std::llround(capacities_[*edge.link].si())) : unlimited;
    add_capacity(graph, edge.from, edge.to, capacity);
  }
  // No GPU sends more than all its links carry: a bound, so that the sum stays in range.
  for (const int gpu : from_gpus) add_capacity(graph, source, gpu, unlimited / vertices_);
  for (const int gpu : to_gpus) add_capacity(graph, gpu, sink, unlimited / vertices_);
  return BytesPerSecond{static_cast<double>(boost::push_relabel_max_flow(
      graph, static_cast<std::size_t>(source), static_cast<std::size_t>(sink)))};
}

BytesPerSecond bisection_bandwidth(const Fabric& fabric) {
  const int half = fabric.nodes() / 2 * fabric.shape().gpus_per_node;
  std::vector<int> gpus(static_cast<std::size_t>(fabric.shape().gpus));
  std::iota(gpus.begin(), gpus.end(), 0);
  const std::span all(gpus);
  return FabricGraph(fabric).max_flow(all.first(static_cast<std::size_t>(half)),
                                      all.subspan(static_cast<std::size_t>(half)));
}

}  // namespace fleetwright
