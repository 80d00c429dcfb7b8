#include "sim/topologies/wiring_rules.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "sim/topologies/leaf_layout.hpp"

namespace fleetwright {
namespace {

/// A setting that changes wiring, and whether it is more than its default.
struct Setting {
  std::string_view name;
  std::string_view what_it_does;
  bool set = false;
};

}  // namespace

int largest_divisor(int of, int at_most) {
  int divisor = std::clamp(at_most, 1, of);
  while (of % divisor != 0) --divisor;
  return divisor;
}

std::optional<WiringRefusal> refuse_unused(const Cluster& c,
                                           std::initializer_list<std::string_view> used) {
  const std::array settings{
      Setting{"oversubscription", "thins the cables from leaf switches up", c.oversubscription > 1},
      Setting{"core_oversubscription", "thins the cables between pods",
              c.core_oversubscription > 1},
      Setting{"layers", "adds layers of switches", c.layers > 0},
      Setting{"rails", "spreads the NICs of a node over leaf switches", c.rails > 0},
      Setting{"planes", "spreads rails over separate networks", c.planes > 0}};
  for (const Setting& s : settings) {
    if (!s.set || std::ranges::find(used, s.name) != used.end()) continue;
    return WiringRefusal{std::string(s.name),
                         fmt::format("{} {}, and {} has none", s.name, s.what_it_does, c.topology),
                         fmt::format("remove {}", s.name)};
  }
  return std::nullopt;
}

std::optional<WiringRefusal> refuse_layout(const Cluster& cluster, int leaf_ports, int planes) {
  const int rails = rails_of(cluster);
  const int nics = cluster.nics_per_node;
  if (nics % rails != 0) {
    return WiringRefusal{
        "rails", fmt::format("rails = {} does not divide the {} NICs of a node", rails, nics),
        fmt::format("use a divisor, such as {}", largest_divisor(nics, rails))};
  }
  if (rails % planes != 0) {
    return WiringRefusal{"planes",
                         fmt::format("planes = {} does not divide the {} rails", planes, rails),
                         fmt::format("use a divisor, such as {}", largest_divisor(rails, planes))};
  }
  if (nics / rails > leaf_ports) {
    return WiringRefusal{
        "switch_ports",
        fmt::format(
            "{} NICs of a node are on one rail, and a leaf switch of {} ports has {} for NICs",
            nics / rails, cluster.switch_ports, leaf_ports),
        "raise switch_ports or rails"};
  }
  return std::nullopt;
}

}  // namespace fleetwright
