#include "sim/critical_path.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <span>

namespace fleetwright {
namespace {

/// Time of tasks by their work, of which many do the same.
class WorkTimes {
 public:
  explicit WorkTimes(const BuiltStep& step) : step_(step), times_(step.works.size()) {}

  void add(TaskId task, const Interval& interval) {
    times_[step_.work_of_task[task]] += interval.end - interval.start;
  }
  /// Spreads it over what each work is made of.
  template <typename Add>
  void spread(Add add) const {
    for (std::size_t work = 0; work < times_.size(); ++work) {
      Seconds sum;
      for (const WorkShare& share : step_.works[work]) sum += share.time;
      if (sum <= Seconds{0} || times_[work] <= Seconds{0}) continue;
      for (const WorkShare& share : step_.works[work]) {
        add(share, times_[work] * (share.time / sum));
      }
    }
  }

 private:
  const BuiltStep& step_;
  std::vector<Seconds> times_;
};

template <typename Key>
std::vector<std::pair<Key, double>> largest_first(const std::map<Key, double>& sums) {
  std::vector<std::pair<Key, double>> sorted(sums.begin(), sums.end());
  std::ranges::stable_sort(sorted,
                           [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

/// What each task of a program waits for, in ascending order. A long path asks for those of many.
class Dependencies {
 public:
  explicit Dependencies(const StepProgram& program) {
    const StepProgram::Successors later = program.successors();
    first_.assign(1, 0);
    std::partial_sum(later.dependency_count.begin(), later.dependency_count.end(),
                     std::back_inserter(first_));
    task_.resize(first_.back());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    for (TaskId on = 0; on + 1 < later.first.size(); ++on) {
      for (auto i = later.first[on]; i < later.first[on + 1]; ++i) {
        task_[next[later.task[i]]++] = on;
      }
    }
  }
  [[nodiscard]] std::span<const TaskId> of(TaskId task) const {
    return std::span{task_}.subspan(first_[task], first_[task + 1] - first_[task]);
  }

 private:
  std::vector<std::uint32_t> first_;  // by task
  std::vector<TaskId> task_;
};

}  // namespace

std::vector<CriticalShare> critical_shares(const BuiltStep& step, const Timeline& timeline) {
  if (timeline.empty()) return {};
  const auto last =
      std::ranges::max_element(timeline, {}, [](const Interval& i) { return i.end.si(); });
  const double length = last->end.si();
  const Dependencies dependencies(step.program);
  WorkTimes times(step);
  auto task = static_cast<TaskId>(last - timeline.begin());
  while (true) {
    times.add(task, timeline[task]);
    const std::span<const TaskId> before = dependencies.of(task);
    if (before.empty()) break;
    task = *std::ranges::max_element(before, {}, [&](TaskId t) { return timeline[t].end.si(); });
  }
  std::map<std::string, double> sums;
  times.spread([&](const WorkShare& share, Seconds time) {
    const std::string what = share.kernel.empty() || share.kernel == share.what
                                 ? share.what
                                 : fmt::format("{} ({})", share.what, share.kernel);
    sums[what] += time.si() / length;
  });
  std::vector<CriticalShare> result;
  for (const auto& [what, share] : largest_first(sums)) result.push_back({what, share});
  return result;
}

std::vector<ProvenanceEntry> kernel_provenance(const BuiltStep& step, const Timeline& timeline,
                                               int rank) {
  WorkTimes times(step);
  for (TaskId id = 0; id < timeline.size(); ++id) {
    const Lane& lane = step.program.lanes()[step.program.tasks()[id].lane];
    if (lane.rank == rank && lane.kind != LaneKind::pipeline) times.add(id, timeline[id]);
  }
  using Key = std::tuple<std::string, int, std::string>;
  std::map<Key, double> sums;
  double total = 0;
  times.spread([&](const WorkShare& share, Seconds time) {
    const std::string& name = share.kernel.empty() ? share.what : share.kernel;
    sums[{name, static_cast<int>(share.provenance.kind), share.provenance.source}] += time.si();
    total += time.si();
  });
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
