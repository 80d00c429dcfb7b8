#pragma once

#include <cstdint>

namespace fleetwright {

/// What a network is made of, for its price.
struct NetworkCounts {
  std::int64_t end_points = 0;  // NICs, and as many cables to leaf switches
  std::int64_t switches = 0;
  std::int64_t switch_links = 0;  // cables between switches
  std::int64_t transceivers = 0;  // two a cable, but copper inside a rack has none

  bool operator==(const NetworkCounts&) const = default;
};

/// The counts of a network of which the parts are known. Cables from a node to several leaf
/// switches leave the rack and are optical; those to the one on top of it are copper (as in
/// Meta's racks, arXiv 2407.21783, section 3.3.1).
[[nodiscard]] NetworkCounts count_parts(std::int64_t end_points, std::int64_t switches,
                                        std::int64_t switch_links, bool end_points_in_rack);

/// The largest Slim Fly of switches with that many ports: 2 q^2 switches with (3 q - d) / 2 links
/// to others and half as many end points, q = 4 w + d, d one of -1, 0, 1 (Besta and Hoefler, "Slim
/// Fly", SC14, section II). A graph of it is known where q is a prime power; the counts that
/// ISCA'25 table 3 publishes for 64 ports are those of q = 28, which is none.
[[nodiscard]] NetworkCounts count_slim_fly(int switch_ports);

}  // namespace fleetwright
