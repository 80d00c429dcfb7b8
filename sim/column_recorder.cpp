#include "sim/column_recorder.hpp"

#include <algorithm>

namespace fleetwright {

ColumnRecorder::ColumnRecorder(const ColumnStep& step, const RunPlan& plan)
    : step_(step), recorded_(plan.recorded), links_(step.links().size()) {
  int ranks = 0;
  for (const Lane& lane : step.program().lanes()) ranks = std::max(ranks, lane.rank + 1);
  run_.timeline.resize(step.program().tasks().size());
  run_.columns.resize(static_cast<std::size_t>(step.columns()));
  for (ColumnTime& column : run_.columns) column.kernels.resize(static_cast<std::size_t>(ranks));
}

void ColumnRecorder::begin_step(double now) { begun_ = now; }

void ColumnRecorder::ran(TaskId task, int column, double start, double end) {
  if (!records()) return;
  const Task& t = step_.program().tasks()[task];
  const Lane& lane = step_.program().lanes()[t.lane];
  ColumnTime& time = run_.columns[static_cast<std::size_t>(column)];
  const Interval interval{Seconds{start - begun_}, Seconds{end - begun_}};
  time.end = std::max(time.end, interval.end);
  if (t.activity != Activity::gradient_sync && t.activity != Activity::optimizer) {
    time.passes_end = std::max(time.passes_end, interval.end);
  }
  if (lane.kind == LaneKind::compute) {
    time.kernels[static_cast<std::size_t>(lane.rank)] += interval.end - interval.start;
  }
  if (column == recorded_) run_.timeline[task] = interval;
}

void ColumnRecorder::carried(LinkId link, Bytes bytes) {
  if (records()) links_[link].bytes += bytes;
}

void ColumnRecorder::was_busy(LinkId link, Seconds time) {
  if (records()) links_[link].busy += time;
}

void ColumnRecorder::end_step(double now) { run_.steps.emplace_back(now - begun_); }

ColumnRun ColumnRecorder::take() {
  for (std::size_t link = 0; link < links_.size(); ++link) {
    if (links_[link].bytes <= Bytes{0}) continue;
    links_[link].link = static_cast<LinkId>(link);
    run_.links.push_back(links_[link]);
  }
  return std::move(run_);
}

}  // namespace fleetwright
