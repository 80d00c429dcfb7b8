#include "sim/expert_loads.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/core/error.hpp"
#include "sim/random.hpp"

namespace fleetwright {
namespace {

// Streams of the seed.
constexpr std::uint64_t popularity_stream = 0x21bf000000000000ULL;
constexpr std::uint64_t load_stream = 0x10ad000000000000ULL;

}  // namespace

double ExpertLoad::of(FollowsLoad what, int node) const {
  switch (what) {
    case FollowsLoad::none:
      return 1;
    case FollowsLoad::of_node:
      return nodes[static_cast<std::size_t>(node)];
    case FollowsLoad::of_fullest_node:
      return fullest_node;
    case FollowsLoad::of_fullest_gpu:
      return fullest_gpu;
  }
  fail_invariant("FollowsLoad", "unknown value");
}

ExpertLoads::ExpertLoads(const ExpertSkew& skew, std::uint64_t seed, const ExpertPlaces& places)
    : skew_(skew), seed_(seed), places_(places) {}

// Zipf's law in an order of the experts that is drawn for each layer, or counts of a layer.
std::vector<double> ExpertLoads::by_expert(int layer) const {
  if (skew_.kind == ExpertSkew::Kind::counts) {
    return skew_.tokens[static_cast<std::size_t>(layer) % skew_.tokens.size()];
  }
  std::vector<double> popularity(static_cast<std::size_t>(places_.experts));
  for (std::size_t e = 0; e < popularity.size(); ++e) {
    popularity[e] = std::pow(static_cast<double>(e) + 1.0, -skew_.exponent);
  }
  Random random(seed_, popularity_stream + static_cast<std::uint64_t>(layer));
  for (std::size_t e = popularity.size(); e > 1; --e) {  // Fisher and Yates
    const auto other = static_cast<std::size_t>(random.uniform() * static_cast<double>(e));
    std::swap(popularity[e - 1], popularity[std::min(other, e - 1)]);
  }
  return popularity;
}

ExpertLoad ExpertLoads::load(int layer, std::uint64_t draw) const {
  std::vector<double> loads(static_cast<std::size_t>(places_.gpus), 1.0);
  if (skew_.kind == ExpertSkew::Kind::normal) {
    Random random(seed_, load_stream ^ draw);
    for (double& load : loads) load = std::max(0.0, 1.0 + skew_.deviation * random.normal());
  } else if (skew_.kind != ExpertSkew::Kind::none) {
    const std::vector<double> experts = by_expert(layer);
    ensure(experts.size() == static_cast<std::size_t>(places_.experts),
           "loads of another number of experts than the model has");
    const auto each = experts.size() / static_cast<std::size_t>(places_.ep);
    for (std::size_t gpu = 0; gpu < loads.size(); ++gpu) {
      const std::size_t rank =
          gpu / static_cast<std::size_t>(places_.etp) % static_cast<std::size_t>(places_.ep);
      const auto first = experts.begin() + static_cast<std::ptrdiff_t>(rank * each);
      loads[gpu] = std::accumulate(first, first + static_cast<std::ptrdiff_t>(each), 0.0);
    }
  }
  return of_gpus(std::move(loads));
}

ExpertLoad ExpertLoads::of_gpus(std::vector<double> loads) const {
  const double mean =
      std::accumulate(loads.begin(), loads.end(), 0.0) / static_cast<double>(loads.size());
  ExpertLoad load;
  load.fullest_gpu = *std::ranges::max_element(loads) / mean;
  const auto in_node = static_cast<std::size_t>(places_.gpus_per_node);
  for (std::size_t first = 0; first < loads.size(); first += in_node) {
    const std::size_t end = std::min(loads.size(), first + in_node);
    const double sum = std::accumulate(loads.begin() + static_cast<std::ptrdiff_t>(first),
                                       loads.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
    load.nodes.push_back(sum / (mean * static_cast<double>(end - first)));
  }
  load.fullest_node = *std::ranges::max_element(load.nodes);
  return load;
}

}  // namespace fleetwright
