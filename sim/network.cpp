#include "sim/network.hpp"

#include <utility>

namespace fleetwright {

void Network::add_both_ways(NetworkLink up, std::string name_of_reverse) {
  NetworkLink down = up;
  down.name = std::move(name_of_reverse);
  std::swap(down.from, down.to);
  links_.push_back(std::move(up));
  links_.push_back(std::move(down));
}

std::vector<LinkLoad> Network::loads(std::span<const NicDemand> demands) const {
  if (links_.empty()) return {};
  std::vector<Bytes> on_link(links_.size());
  for (const NicDemand& demand : demands) {
    const Bytes share = demand.bytes / flows_per_pair_;
    for (int flow = 0; flow < flows_per_pair_; ++flow) {
      for (const LinkId link : route(demand.from, demand.to, static_cast<std::uint64_t>(flow))) {
        on_link[link] += share;
      }
    }
  }
  std::vector<LinkLoad> result;
  for (LinkId link = 0; link < on_link.size(); ++link) {
    if (on_link[link] > Bytes{0}) result.push_back({link, on_link[link]});
  }
  return result;
}

}  // namespace fleetwright
