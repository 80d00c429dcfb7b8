#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fleetwright {

/// How finely a simulation of all GPUs sees traffic.
enum class Granularity : std::uint8_t {
  analytic,  // each transfer has its links to itself
  coflow,    // a transfer of a column is one flow on each link that it loads
  node,      // a flow for each pair of nodes
  gpu,       // a flow for each pair of GPUs
};

inline constexpr std::array granularities{Granularity::analytic, Granularity::coflow,
                                          Granularity::node, Granularity::gpu};

[[nodiscard]] constexpr std::string_view to_string(Granularity granularity) {
  constexpr std::array<std::string_view, 4> names{"analytic", "coflow", "node", "gpu"};
  return names[static_cast<std::size_t>(granularity)];
}

}  // namespace fleetwright
