#include "profiles/gpu/timing/launch_activity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>

#include "models/core/error.hpp"
#include "profiles/gpu/timing/median.hpp"

namespace fleetwright::gpu {
namespace {

// CUPTI hands over buffers in the order in which they fill.
void in_order_of_calls(std::vector<ActivityRecord>& records) {
  std::ranges::stable_sort(records, {}, &ActivityRecord::correlation);
}

LaunchActivity activity_of(const ActivityRecord* first, const ActivityRecord* last, int launch) {
  if (first == last) {
    throw Error(fmt::format("CUPTI recorded nothing of launch {}", launch + 1));
  }
  LaunchActivity activity;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> intervals;
  std::uint64_t start = first->start_ns, end = 0;
  for (const ActivityRecord* record = first; record != last; ++record) {
    // CUPTI leaves zeros where it could not take the time.
    if (record->start_ns == 0 || record->end_ns < record->start_ns) {
      throw Error(
          fmt::format("CUPTI could not take the time of a kernel of launch {}", launch + 1));
    }
    start = std::min(start, record->start_ns);
    end = std::max(end, record->end_ns);
    intervals.emplace_back(record->start_ns, record->end_ns);
  }
  activity.span_us = static_cast<double>(end - start) / 1e3;
  activity.busy_us = static_cast<double>(covered(std::move(intervals))) / 1e3;
  activity.records = static_cast<int>(last - first);
  return activity;
}

}  // namespace

std::vector<LaunchActivity> attribute(std::vector<ActivityRecord> records, int launches) {
  in_order_of_calls(records);
  std::vector<std::size_t> marks;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].mark) marks.push_back(i);
  }
  const std::size_t expected = 1 + 2 * static_cast<std::size_t>(launches);
  if (marks.size() != expected) {
    throw Error(
        fmt::format("CUPTI recorded {} of {} marks: records were lost", marks.size(), expected));
  }
  std::vector<LaunchActivity> activities;
  for (int launch = 0; launch < launches; ++launch) {
    const std::size_t mark = 1 + 2 * static_cast<std::size_t>(launch);
    activities.push_back(
        activity_of(records.data() + marks[mark] + 1, records.data() + marks[mark + 1], launch));
  }
  return activities;
}

ChainTimes chain_times(std::vector<ActivityRecord> records) {
  in_order_of_calls(records);
  std::vector<double> steps, kernels;
  const ActivityRecord* before = nullptr;
  for (const ActivityRecord& record : records) {
    if (record.mark) {
      before = nullptr;
      steps.clear();
      kernels.clear();
      continue;
    }
    if (before != nullptr) {
      steps.push_back(static_cast<double>(record.start_ns - before->start_ns) / 1e3);
    }
    kernels.push_back(static_cast<double>(record.end_ns - record.start_ns) / 1e3);
    before = &record;
  }
  if (steps.empty()) throw Error("CUPTI recorded no chain of kernels");
  return {.start_to_start_us = median(std::move(steps)), .kernel_us = median(std::move(kernels))};
}

std::uint64_t covered(std::vector<std::pair<std::uint64_t, std::uint64_t>> intervals) {
  std::ranges::sort(intervals);
  std::uint64_t total = 0, reached = 0;
  for (const auto& [start, end] : intervals) {
    const std::uint64_t from = std::max(start, reached);
    if (end > from) total += end - from;
    reached = std::max(reached, end);
  }
  return total;
}

}  // namespace fleetwright::gpu
