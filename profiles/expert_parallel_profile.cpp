#include "profiles/expert_parallel_profile.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "models/routing.hpp"
#include "profiles/relatives.hpp"

namespace fleetwright {

ExpertTraffic expert_traffic(const MixtureOfExperts& moe, int ranks, int ranks_per_node) {
  const double nodes = std::max(1.0, static_cast<double>(ranks) / ranks_per_node);
  const double in_node = ranks / nodes;
  const double reached_nodes = expected_places_reached(moe, nodes);
  const double reached_ranks = expected_places_reached(moe, ranks);
  ExpertTraffic traffic;
  traffic.scale_out = reached_nodes * (nodes - 1) / nodes;
  // Of the ranks reached, one in `in_node` is where the token already is in that node.
  traffic.scale_up = reached_ranks * (in_node - 1) / in_node;
  return traffic;
}

namespace {

// Sample tables were taken with DeepSeek's routing: 8 of 256 experts in at most 4 of 8 groups.
MixtureOfExperts routing_of(const ExpertParallelSample& s) {
  MixtureOfExperts moe;
  moe.experts = s.experts;
  moe.active = s.active;
  moe.groups = std::max(1, s.nodes);
  moe.groups_active = std::min(4, moe.groups);
  return moe;
}

double bytes_per_element(std::string_view operation) {
  return operation == "dispatch" ? 1.0 + 4.0 / 128.0 : 2.0;  // FP8 with scales; BF16
}

}  // namespace

ExpertParallelProfile::ExpertParallelProfile(const Accelerator& accelerator,
                                             const SoftwareStack& stack,
                                             const std::map<std::string, Accelerator>& accelerators,
                                             const std::map<std::string, Link>& links,
                                             const ProfileStore& store)
    : sms_(stack.communication_sms.value) {
  const std::vector<const Accelerator*> owners = relatives_of(accelerator, accelerators);
  std::size_t table = 0;
  for (const std::string& library : stack.expert_libraries) {
    for (const Accelerator* owner : owners) {
      ++table;
      for (const ExpertParallelSample& s : store.profile(owner->id).expert_parallel) {
        if (s.library != library || owner->nic.empty()) continue;
        const ExpertTraffic traffic =
            expert_traffic(routing_of(s), s.ranks, s.ranks / std::max(1, s.nodes));
        const bool inside = s.nodes == 1;
        const Link& link = links.at(inside ? owner->scale_up_link : owner->nic);
        const Bytes sent{s.tokens * s.hidden * bytes_per_element(s.operation) *
                         (inside ? traffic.scale_up : traffic.scale_out)};
        Provenance from{ProvenanceKind::published, s.source};
        if (owner->id != accelerator.id) {
          from = {ProvenanceKind::assumed, fmt::format("{} (on {})", s.source, owner->id)};
        }
        points_.push_back({s.operation, s.nodes, s.sms, s.tokens, table,
                           sent / s.time / link.achievable_bandwidth.value, std::move(from)});
      }
    }
  }
}

Sourced<double> ExpertParallelProfile::efficiency(CollectiveKind operation, int nodes) const {
  const Point* best = nullptr;
  double best_distance = HUGE_VAL;
  for (const Point& p : points_) {
    if (p.operation != to_string(operation) || (p.nodes == 1) != (nodes == 1)) continue;
    // A tie goes to the library that the stack prefers and to the accelerator itself.
    const double distance = std::abs(std::log2(static_cast<double>(p.nodes) / nodes)) +
                            std::abs(std::log2(std::max(1.0, p.sms) / std::max(1.0, sms_)));
    const bool larger = best != nullptr && std::abs(distance - best_distance) <= 1e-9 &&
                        p.table == best->table && p.tokens > best->tokens;
    if (distance < best_distance - 1e-9 || larger) {
      best_distance = distance;
      best = &p;
    }
  }
  if (best == nullptr)
    return {1.0, {ProvenanceKind::assumed, "no measurement: the link's own rate"}};
  return {std::min(1.0, best->efficiency), best->provenance};
}

}  // namespace fleetwright
