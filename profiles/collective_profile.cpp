#include "profiles/collective_profile.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "profiles/relatives.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t points_of_a_curve = 5;  // fewer are single anchors, not a curve

}  // namespace

double traffic_factor(CollectiveKind kind, double ranks) {
  const double share = (ranks - 1) / ranks;
  return kind == CollectiveKind::all_reduce ? 2 * share : share;
}

double CollectiveProfile::Curve::seconds(double bytes) const {
  const double x = std::log(bytes);
  if (x <= points.front().first) return std::exp(points.front().second);
  if (x >= points.back().first) {
    return std::exp(points.back().second) * bytes / std::exp(points.back().first);
  }
  const auto above = std::ranges::upper_bound(points, x, {}, [](const auto& p) { return p.first; });
  const auto below = above - 1;
  const double t = (x - below->first) / (above->first - below->first);
  return std::exp(below->second + t * (above->second - below->second));
}

std::vector<CollectiveProfile::Curve> CollectiveProfile::curves_of(
    const AcceleratorProfile& profile, std::string_view collective) {
  // The library with the most points at each group size.
  std::map<int, std::map<std::string, Curve>> found;
  for (const CollectiveSample& s : profile.collectives) {
    if (s.collective != collective || s.ranks > s.ranks_per_node) continue;
    Curve& curve = found[s.ranks][s.library];
    curve.ranks = s.ranks;
    curve.source = s.source;
    curve.points.emplace_back(std::log(s.bytes.si()), std::log(s.time.si()));
  }
  std::vector<Curve> curves;
  for (auto& [ranks, by_library] : found) {
    auto best = std::ranges::max_element(
        by_library, {}, [](const auto& entry) { return entry.second.points.size(); });
    if (best->second.points.size() < points_of_a_curve) continue;
    std::ranges::sort(best->second.points);
    curves.push_back(std::move(best->second));
  }
  return curves;
}

CollectiveProfile::CollectiveProfile(const Accelerator& accelerator,
                                     const std::map<std::string, Accelerator>& accelerators,
                                     const std::map<std::string, Link>& links,
                                     const ProfileStore& store)
    : link_(links.at(accelerator.scale_up_link)) {
  for (const Accelerator* owner : relatives_of(accelerator, accelerators)) {
    std::map<std::string, std::vector<Curve>> curves;
    for (const auto kind :
         {CollectiveKind::all_reduce, CollectiveKind::all_gather, CollectiveKind::reduce_scatter}) {
      const std::string name(to_string(kind));
      if (auto found = curves_of(store.profile(owner->id), name); !found.empty()) {
        curves[name] = std::move(found);
      }
    }
    if (curves.size() < 3) continue;
    curves_ = std::move(curves);
    donor_ = owner->id;
    own_ = owner->id == accelerator.id;
    donor_bandwidth_ratio_ = link_.achievable_bandwidth.value /
                             links.at(owner->scale_up_link).achievable_bandwidth.value;
    break;
  }
}

OperatorTime CollectiveProfile::time(CollectiveKind kind, int ranks, Bytes bytes) const {
  if (ranks <= 1 || bytes <= Bytes{0}) return {Seconds{0}, link_.latency.provenance};
  const double factor = traffic_factor(kind, ranks);
  const auto found = curves_.find(std::string(to_string(kind)));
  if (found == curves_.end()) {
    return {link_.latency.value * (ranks - 1.0) + bytes * factor / link_.achievable_bandwidth.value,
            link_.achievable_bandwidth.provenance};
  }
  // The curve of this many ranks, else of the next larger group, else of the largest.
  const std::vector<Curve>& curves = found->second;
  auto curve = std::ranges::lower_bound(curves, ranks, {}, &Curve::ranks);
  if (curve == curves.end()) --curve;
  const double curve_factor = traffic_factor(kind, curve->ranks);
  const double largest = std::exp(curve->points.back().first);
  const double bandwidth = largest * curve_factor / curve->seconds(largest);
  // Equal traffic through a port takes equal time; the rest of the curve is latency.
  const double equivalent = bytes.si() * factor / curve_factor;
  const double measured = curve->seconds(equivalent);
  const double streaming = equivalent * curve_factor / bandwidth;
  const double latency = std::max(0.0, measured - streaming);
  Provenance from{own_ ? ProvenanceKind::published : ProvenanceKind::assumed, curve->source};
  if (!own_) from.source += fmt::format(" ({}, scaled by what the links achieve)", donor_);
  return {Seconds{latency + streaming / donor_bandwidth_ratio_}, std::move(from)};
}

}  // namespace fleetwright
