#include "sim/simgrid/simulated_estimator.hpp"

#include <vector>

#include "models/core/error.hpp"
#include "sim/simgrid/child_process.hpp"
#include "sim/simgrid/step_simulation.hpp"

namespace fleetwright {
namespace {

std::vector<double> pack(const ColumnRun& run) {
  std::vector<double> values{static_cast<double>(run.steps.size())};
  for (const Seconds step : run.steps) values.push_back(step.si());
  for (const Interval& interval : run.timeline) {
    values.push_back(interval.start.si());
    values.push_back(interval.end.si());
  }
  for (const ColumnTime& column : run.columns) {
    values.push_back(column.passes_end.si());
    values.push_back(column.end.si());
    values.push_back(static_cast<double>(column.kernels.size()));
    for (const Seconds kernels : column.kernels) values.push_back(kernels.si());
  }
  for (const LinkTraffic& link : run.links) {
    values.push_back(link.link);
    values.push_back(link.bytes.si());
    values.push_back(link.busy.si());
  }
  return values;
}

/// Reads values one by one.
class Unpacker {
 public:
  explicit Unpacker(const std::vector<double>& values) : values_(values) {}

  double next() {
    ensure(next_ < values_.size(), "a simulation brought too little back");
    return values_[next_++];
  }
  std::size_t count() { return static_cast<std::size_t>(next()); }
  Seconds seconds() { return Seconds{next()}; }
  [[nodiscard]] bool done() const { return next_ == values_.size(); }

 private:
  const std::vector<double>& values_;
  std::size_t next_ = 0;
};

ColumnRun unpack(const std::vector<double>& values, const ColumnStep& step) {
  Unpacker in(values);
  ColumnRun run;
  run.steps.resize(in.count());
  for (Seconds& time : run.steps) time = in.seconds();
  run.timeline.resize(step.program().tasks().size());
  for (Interval& interval : run.timeline) {
    interval.start = in.seconds();
    interval.end = in.seconds();
  }
  run.columns.resize(static_cast<std::size_t>(step.columns()));
  for (ColumnTime& column : run.columns) {
    column.passes_end = in.seconds();
    column.end = in.seconds();
    column.kernels.resize(in.count());
    for (Seconds& kernels : column.kernels) kernels = in.seconds();
  }
  while (!in.done()) {
    LinkTraffic link;
    link.link = static_cast<LinkId>(in.count());
    link.bytes = Bytes{in.next()};
    link.busy = in.seconds();
    run.links.push_back(link);
  }
  return run;
}

}  // namespace

ColumnRun SimulatedEstimator::run(ColumnStep& step, const RunPlan& plan) const {
  ColumnRun run = unpack(run_in_child(
                             [&](const ReportProgress& report) {
                               return pack(simulate_columns(step, plan, {report, control().stop}));
                             },
                             control().progress),
                         step);
  if (run.steps.empty()) throw Interrupted();
  return run;
}

}  // namespace fleetwright
