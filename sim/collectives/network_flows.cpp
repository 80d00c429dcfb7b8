#include "sim/collectives/network_flows.hpp"

#include <algorithm>
#include <limits>

namespace fleetwright {
namespace {

constexpr std::size_t most_cables = 16;
// Loads are sums of the same parts in different orders.
constexpr double rounding = 1e-9;

bool about_equal(Bytes a, Bytes b) { return std::abs((a - b).si()) <= rounding * a.si(); }

/// Loads of the first rail there is, and of links that all rails share.
std::vector<LinkLoad> of_one_rail(const Fabric& fabric, const std::vector<LinkLoad>& loads) {
  const auto rail = [&](const LinkLoad& load) {
    return fabric.network().links()[load.link - fabric.first_network_link()].rail;
  };
  int first = std::numeric_limits<int>::max();
  for (const LinkLoad& load : loads) {
    if (rail(load) >= 0) first = std::min(first, rail(load));
  }
  std::vector<LinkLoad> kept;
  for (const LinkLoad& load : loads) {
    if (rail(load) < 0 || rail(load) == first) kept.push_back(load);
  }
  return kept;
}

/// All bundles, and the fullest cables.
std::vector<LinkLoad> that_decide(const Fabric& fabric, const std::vector<LinkLoad>& loads) {
  const auto is_cable = [&](const LinkLoad& load) {
    return !fabric.network().links()[load.link - fabric.first_network_link()].bundle;
  };
  Bytes fullest;
  for (const LinkLoad& load : loads) {
    if (is_cable(load)) fullest = std::max(fullest, load.bytes);
  }
  std::vector<LinkLoad> kept;
  std::size_t cables = 0;
  for (const LinkLoad& load : loads) {
    if (!is_cable(load)) {
      kept.push_back(load);
    } else if (about_equal(fullest, load.bytes) && cables < most_cables) {
      kept.push_back(load);
      ++cables;
    }
  }
  return kept;
}

}  // namespace

std::vector<LinkLoad> deciding_loads(const Fabric& fabric, std::span<const Demand> demands) {
  return that_decide(fabric, of_one_rail(fabric, fabric.network_loads(demands)));
}

std::vector<FlowSpec> flows_of_loads(std::vector<LinkLoad> loads, Bytes each, int gpu) {
  std::ranges::stable_sort(loads, std::ranges::greater{},
                           [](const LinkLoad& load) { return load.bytes.si(); });
  std::vector<FlowSpec> flows;
  for (const LinkLoad& load : loads) {
    if (flows.empty() || !about_equal(flows.back().bytes, load.bytes)) {
      flows.push_back({load.bytes, {}, gpu, gpu, std::max(1.0, load.bytes / each)});
    }
    flows.back().uses.push_back({load.link, 1});
  }
  return flows;
}

}  // namespace fleetwright
