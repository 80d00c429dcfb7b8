#include "sim/link_usage.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace fleetwright {
namespace {

/// A change of what goes over a link.
struct RateChange {
  Seconds time;
  BytesPerSecond by;
};

LinkHistory history_of(const FabricLink& link, std::vector<RateChange> changes) {
  std::ranges::stable_sort(changes, {}, &RateChange::time);
  LinkHistory history{link.name, {}};
  BytesPerSecond rate;
  int flows = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    rate += changes[i].by;
    flows += changes[i].by > BytesPerSecond{0} ? 1 : -1;
    if (flows == 0) rate = BytesPerSecond{0};  // not what rounding leaves
    if (i + 1 < changes.size() && changes[i + 1].time == changes[i].time) continue;
    history.samples.push_back({changes[i].time, rate / link.capacity});
  }
  return history;
}

}  // namespace

std::vector<LinkUsage> link_usage(const ColumnRun& run, const std::vector<FabricLink>& all) {
  std::vector<LinkUsage> links;
  for (const LinkTraffic& traffic : run.links) {
    const FabricLink& link = all[traffic.link];
    links.push_back(
        {link.name, link.capacity, traffic.bytes, traffic.busy,
         traffic.bytes / (link.capacity * run.steps.front()),
         traffic.busy > Seconds{0} ? traffic.bytes / (link.capacity * traffic.busy) : 0});
  }
  std::ranges::stable_sort(links, std::ranges::greater{}, &LinkUsage::mean_load);
  return links;
}

std::vector<LinkHistory> link_loads(const ColumnStep& step, int column, const Timeline& timeline,
                                    std::size_t most) {
  std::map<LinkId, std::vector<RateChange>> changes;
  std::map<LinkId, Bytes> carried;
  std::vector<FlowOnLinks> flows;
  for (TaskId task = 0; task < timeline.size(); ++task) {
    step.flows_of(task, column, flows);
    const Seconds begun = timeline[task].start + step.delay(task, column);
    const Seconds length = timeline[task].end - begun;
    if (length <= Seconds{0}) continue;
    for (const FlowOnLinks& flow : flows) {
      for (const LinkUse& use : flow.uses) {
        const Bytes bytes = flow.bytes * use.weight;
        if (bytes <= Bytes{0}) continue;
        carried[use.link] += bytes;
        changes[use.link].push_back({begun, bytes / length});
        changes[use.link].push_back({timeline[task].end, -(bytes / length)});
      }
    }
  }
  std::vector<std::pair<double, LinkId>> fullest;
  for (const auto& [link, bytes] : carried) {
    fullest.emplace_back(-(bytes / step.links()[link].capacity).si(), link);
  }
  std::ranges::sort(fullest);
  if (fullest.size() > most) fullest.resize(most);
  std::vector<LinkHistory> histories;
  for (const auto& [load, link] : fullest) {
    histories.push_back(history_of(step.links()[link], std::move(changes[link])));
  }
  return histories;
}

}  // namespace fleetwright
