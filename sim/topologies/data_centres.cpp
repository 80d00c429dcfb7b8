#include "sim/topologies/data_centres.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace fleetwright {
namespace {

class JoinedNetworks : public Network {
 public:
  JoinedNetworks(std::shared_ptr<const Network> inner, const DataCentres& centres,
                 int nics_per_centre)
      : inner_(std::move(inner)), centres_(centres), nics_(nics_per_centre) {
    flows_per_pair_ = inner_->flows_per_pair();
    for (int centre = 0; centre < centres.count; ++centre) add_centre(centre);
    for (int centre = 0; centre < centres.count; ++centre) add_gateways(centre);
    for (int from = 0; from < centres.count; ++from) {
      for (int to = 0; to < centres.count; ++to) {
        if (from == to) continue;
        links_.push_back({fmt::format("centre{}.to{}", from, to), centres.bandwidth, 1, exit(from),
                          exit(to) + 1, true, -1});
      }
    }
  }

  [[nodiscard]] int place_of(int nic) const override {
    return place_in(nic / nics_, inner_->place_of(nic % nics_));
  }
  [[nodiscard]] bool connects(int from, int to) const override {
    return inner_->connects(from % nics_, to % nics_);
  }
  // Another data centre is as far as the furthest corner of one's own, and then the distance.
  [[nodiscard]] Way way(int from, int to) const override {
    if (from / nics_ == to / nics_) return inner_->way(from % nics_, to % nics_);
    return {2 * top_layer() + 1, centres_.latency};
  }
  [[nodiscard]] std::vector<LinkId> route(int from, int to, std::uint64_t flow) const override {
    const int a = from / nics_;
    const int b = to / nics_;
    if (a == b) return shifted(inner_->route(from % nics_, to % nics_, flow), a);
    std::vector<LinkId> links = way_up(from, flow);
    links.push_back(between(a, b));
    const std::vector<LinkId> down = way_down(to, flow);
    links.insert(links.end(), down.begin(), down.end());
    return links;
  }
  [[nodiscard]] std::vector<LinkId> way_up(int nic, std::uint64_t flow) const override {
    return shifted(inner_->way_up(nic % nics_, flow), nic / nics_);
  }
  [[nodiscard]] std::vector<LinkId> way_down(int nic, std::uint64_t flow) const override {
    return shifted(inner_->way_down(nic % nics_, flow), nic / nics_);
  }

  // Inside a data centre its network knows best how demands spread.
  [[nodiscard]] std::vector<LinkLoad> loads(std::span<const NicDemand> demands) const override {
    std::vector<Bytes> on_link(links_.size());
    std::vector<NicDemand> across;
    std::vector<std::vector<NicDemand>> inside(static_cast<std::size_t>(centres_.count));
    for (const NicDemand& d : demands) {
      const int centre = d.from / nics_;
      if (centre == d.to / nics_) {
        inside[static_cast<std::size_t>(centre)].push_back({d.from % nics_, d.to % nics_, d.bytes});
      } else {
        across.push_back(d);
      }
    }
    for (const LinkLoad& load : Network::loads(across)) on_link[load.link] += load.bytes;
    for (std::size_t centre = 0; centre < inside.size(); ++centre) {
      for (const LinkLoad& load : inner_->loads(inside[centre])) {
        on_link[shift(load.link, static_cast<int>(centre))] += load.bytes;
      }
    }
    std::vector<LinkLoad> result;
    for (LinkId link = 0; link < on_link.size(); ++link) {
      if (on_link[link] > Bytes{0}) result.push_back({link, on_link[link]});
    }
    return result;
  }

 private:
  [[nodiscard]] int top_layer() const {
    return std::ranges::max_element(inner_->places(), {}, &SwitchPlace::layer)->layer;
  }
  [[nodiscard]] int place_in(int centre, int place) const {
    return centre * static_cast<int>(inner_->places().size()) + place;
  }
  [[nodiscard]] LinkId shift(LinkId link, int centre) const {
    return link + static_cast<LinkId>(static_cast<std::size_t>(centre) * inner_->links().size());
  }
  [[nodiscard]] std::vector<LinkId> shifted(std::vector<LinkId> links, int centre) const {
    for (LinkId& link : links) link = shift(link, centre);
    return links;
  }
  [[nodiscard]] LinkId between(int from, int to) const {
    const int other = to > from ? to - 1 : to;
    return shift(static_cast<LinkId>(from * (centres_.count - 1) + other), centres_.count);
  }
  /// The gateway for what leaves; the next place is the one for what comes.
  [[nodiscard]] int exit(int centre) const { return place_in(centres_.count, 2 * centre); }
  // Two gateways, so that no way inside the data centre leads through one.
  void add_gateways(int centre) {
    const int top = top_layer();
    places_.resize(places_.size() + 2, {top + 1, 0});
    for (std::size_t p = 0; p < inner_->places().size(); ++p) {
      if (inner_->places()[p].layer < top) continue;
      const int place = place_in(centre, static_cast<int>(p));
      joined_.emplace_back(place, exit(centre));
      joined_.emplace_back(exit(centre) + 1, place);
    }
  }
  void add_centre(int centre) {
    const int first = place_in(centre, 0);
    places_.insert(places_.end(), inner_->places().begin(), inner_->places().end());
    for (NetworkLink link : inner_->links()) {
      link.name = fmt::format("centre{}.{}", centre, link.name);
      link.from += first;
      link.to += first;
      links_.push_back(std::move(link));
    }
    for (const auto& [a, b] : inner_->joined()) joined_.emplace_back(a + first, b + first);
  }

  std::shared_ptr<const Network> inner_;
  DataCentres centres_;
  int nics_;  // of a data centre
};

}  // namespace

std::shared_ptr<const Network> join_data_centres(std::shared_ptr<const Network> inner,
                                                 const DataCentres& centres, int nics_per_centre) {
  return std::make_shared<JoinedNetworks>(std::move(inner), centres, nics_per_centre);
}

}  // namespace fleetwright
