#include "sim/topologies/network_counts.hpp"

namespace fleetwright {

NetworkCounts count_parts(std::int64_t end_points, std::int64_t switches, std::int64_t switch_links,
                          bool end_points_in_rack) {
  const std::int64_t optical = switch_links + (end_points_in_rack ? 0 : end_points);
  return {end_points, switches, switch_links, 2 * optical};
}

NetworkCounts count_slim_fly(int switch_ports) {
  NetworkCounts largest;
  for (std::int64_t q = 3;; ++q) {
    if (q % 4 == 2) continue;
    const std::int64_t delta = q % 4 == 3 ? -1 : q % 4;
    const std::int64_t to_switches = (3 * q - delta) / 2;
    const std::int64_t to_end_points = (to_switches + 1) / 2;
    if (to_switches + to_end_points > switch_ports) return largest;
    const std::int64_t switches = 2 * q * q;
    largest = count_parts(switches * to_end_points, switches, switches * to_switches / 2, false);
  }
}

}  // namespace fleetwright
