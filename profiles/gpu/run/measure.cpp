#include "profiles/gpu/run/measure.hpp"

#include <chrono>
#include <cmath>
#include <vector>

#include "models/core/error.hpp"

namespace fleetwright::gpu {
namespace {

/// Samples of one kind of launch, taken until the rule is content.
struct Series {
  std::vector<double> kernel, event, clock;
  int throttled = 0;
  Summary summary;  // of the kernel times, by events where CUPTI is not there
  bool by_events = false;
  bool settled = false;

  void add(const std::vector<Sample>& samples) {
    for (const Sample& s : samples) {
      if (s.throttled) {
        ++throttled;
        continue;
      }
      if (!std::isnan(s.kernel_us)) kernel.push_back(s.kernel_us);
      event.push_back(s.event_us);
      if (s.clock_mhz > 0) clock.push_back(s.clock_mhz);
    }
    by_events = kernel.empty();
    summary = summarize(by_events ? event : kernel);
  }
};

Series collect(Workload& workload, Timer& timer, const StopRule& rule, bool cold) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(rule.seconds);
  Series series;
  do {
    series.add(timer.sample(workload, rule.batch, cold));
    series.settled = series.summary.relative_error <= rule.relative_error;
  } while (!series.settled && Clock::now() < deadline &&
           static_cast<int>(series.event.size()) + series.throttled < rule.most);
  return series;
}

}  // namespace

Timings measure(Workload& workload, Timer& timer, const StopRule& rule) {
  const Series cold = collect(workload, timer, rule, true);
  if (cold.summary.count == 0) throw Error("every launch was throttled");
  StopRule brief = rule;  // the hot time is a remark beside the cold one
  brief.seconds = rule.seconds / 4;
  const Series hot = collect(workload, timer, brief, false);
  Timings t;
  t.cold = cold.summary;
  if (hot.summary.count > 0) t.hot = hot.summary;
  if (!cold.by_events) t.event = summarize(cold.event);
  t.clock_mhz = summarize(cold.clock).median;
  t.throttled = cold.throttled + hot.throttled;
  t.settled = cold.settled;
  return t;
}

std::optional<double> event_disagreement(const Timings& timings) {
  if (!timings.event || timings.cold.median <= 0) return std::nullopt;
  return timings.event->median / timings.cold.median - 1;
}

}  // namespace fleetwright::gpu
