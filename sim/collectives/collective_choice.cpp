#include "sim/collectives/collective_choice.hpp"

#include <algorithm>

#include "models/core/error.hpp"
#include "profiles/collective_profile.hpp"
#include "sim/collectives/builtin_collectives.hpp"

namespace fleetwright {
namespace {

// What NCCL chooses among.
constexpr std::string_view candidates[] = {"ring", "tree", "in-network", "nvls-tree"};

bool may_take(std::string_view algorithm, const CollectiveGroup& group,
              const CollectiveMeans& means) {
  if (algorithm == "nvls-tree") return means.node_reduces;
  if (algorithm != "in-network") return true;
  return means.node_reduces && (group.nodes == 1 || means.network_reduces);
}

Seconds time_of(CollectiveKind kind, Bytes bytes, const CollectiveGroup& group,
                const CollectiveWork& work, const CollectiveMeans& means,
                const CollectiveProtocol& protocol) {
  const Seconds scale_out_step = std::max(protocol.scale_out_step.value, means.least_step);
  const Seconds latency = protocol.launch.value +
                          work.scale_up_steps * protocol.scale_up_step.value +
                          work.scale_out_steps * scale_out_step;
  const BytesPerSecond scale_out = means.scale_out * means.network_share;
  Seconds streaming = std::max(work.scale_up / means.scale_up, work.scale_out / scale_out) /
                      (protocol.bandwidth.value * protocol.correction(bytes));
  if (protocol.most_bus_bandwidth) {
    const auto scale = static_cast<std::size_t>(std::min(group.nodes, 3) - 1);
    streaming = std::max(streaming, bytes * traffic_factor(kind, group.ranks()) /
                                        (*protocol.most_bus_bandwidth)[scale]);
  }
  return latency + streaming;
}

}  // namespace

CollectiveChoice choose_collective(CollectiveKind kind, Bytes bytes, const CollectiveGroup& group,
                                   const CollectiveMeans& means,
                                   const CollectiveProtocols& protocols) {
  ensure(group.ranks() > 1 && !is_all_to_all(kind), "no collective to choose an algorithm for");
  CollectiveChoice best;
  for (const auto& row : builtin_collectives()) {
    const auto algorithm = row.make();
    if (!algorithm->supports(kind, group)) continue;
    if (row.name == means.algorithm) {
      best = {};  // asked for, and able to
    } else if (best.algorithm == means.algorithm ||
               std::ranges::find(candidates, row.name) == std::end(candidates) ||
               !may_take(row.name, group, means)) {
      continue;
    }
    const CollectiveWork work = algorithm->work(kind, bytes, group);
    for (const CollectiveProtocol& protocol : protocols.at(std::string(row.name))) {
      const Seconds time = time_of(kind, bytes, group, work, means, protocol);
      if (!best.algorithm.empty() && time >= best.time) continue;
      best = {std::string(row.name), protocol.name, work, time};
    }
  }
  ensure(!best.algorithm.empty(), "no algorithm for a collective");
  return best;
}

}  // namespace fleetwright
