#include "sim/critical_path.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

namespace fleetwright {
namespace {

// Spreads a task's time over what it is made of.
template <typename Add>
void spread(const BuiltStep& step, TaskId task, Seconds duration, Add add) {
  const std::vector<WorkShare>& shares = step.works[step.work_of_task[task]];
  Seconds sum;
  for (const WorkShare& share : shares) sum += share.time;
  if (sum <= Seconds{0}) return;
  for (const WorkShare& share : shares) add(share, duration * (share.time / sum));
}

template <typename Key>
std::vector<std::pair<Key, double>> largest_first(const std::map<Key, double>& sums) {
  std::vector<std::pair<Key, double>> sorted(sums.begin(), sums.end());
  std::ranges::stable_sort(sorted,
                           [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

}  // namespace

std::vector<CriticalShare> critical_shares(const BuiltStep& step, const Timeline& timeline) {
  if (timeline.empty()) return {};
  const auto last =
      std::ranges::max_element(timeline, {}, [](const Interval& i) { return i.end.si(); });
  const double length = last->end.si();
  std::map<std::string, double> sums;
  auto task = static_cast<TaskId>(last - timeline.begin());
  while (true) {
    spread(step, task, timeline[task].end - timeline[task].start,
           [&](const WorkShare& share, Seconds time) {
             const std::string what = share.kernel.empty() || share.kernel == share.what
                                          ? share.what
                                          : fmt::format("{} ({})", share.what, share.kernel);
             sums[what] += time.si() / length;
           });
    const std::vector<TaskId> before = step.program.dependencies_of(task);
    if (before.empty()) break;
    task = *std::ranges::max_element(before, {}, [&](TaskId t) { return timeline[t].end.si(); });
  }
  std::vector<CriticalShare> result;
  for (const auto& [what, share] : largest_first(sums)) result.push_back({what, share});
  return result;
}

std::vector<ProvenanceEntry> kernel_provenance(const BuiltStep& step, const Timeline& timeline,
                                               int rank) {
  using Key = std::tuple<std::string, int, std::string>;
  std::map<Key, double> sums;
  double total = 0;
  for (TaskId id = 0; id < timeline.size(); ++id) {
    const Lane& lane = step.program.lanes()[step.program.tasks()[id].lane];
    if (lane.rank != rank || lane.kind == LaneKind::pipeline) continue;
    spread(step, id, timeline[id].end - timeline[id].start,
           [&](const WorkShare& share, Seconds time) {
             const std::string& name = share.kernel.empty() ? share.what : share.kernel;
             sums[{name, static_cast<int>(share.provenance.kind), share.provenance.source}] +=
                 time.si();
             total += time.si();
           });
  }
  std::vector<ProvenanceEntry> entries;
  for (const auto& [key, seconds] : largest_first(sums)) {
    const auto& [what, kind, source] = key;
    entries.push_back(
        {fmt::format("time of {} ({:.1f} % of kernels and transfers)", what, 100 * seconds / total),
         {static_cast<ProvenanceKind>(kind), source}});
  }
  return entries;
}

}  // namespace fleetwright
