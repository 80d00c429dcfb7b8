#include "profiles/gpu/run/runner.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>

#include "models/core/format.hpp"
#include "profiles/gpu/run/progress.hpp"

namespace fleetwright::gpu {
namespace {

// Events hold the launch, some microseconds: only beyond this can they agree with CUPTI to 5 %.
constexpr double comparable_us = 200;
constexpr double agreement = 0.05;

MeasuredKernel row_of(const Case& c, const Timings& t) {
  const auto time = [](const Summary& s) { return Seconds{s.median * 1e-6}; };
  MeasuredKernel k;
  k.kernel = std::string(kernel_name(c.op));
  k.op = c.op;
  k.library = std::string(c.benchmark->library);
  k.sms = c.sms;
  k.median = time(t.cold);
  k.p10 = Seconds{t.cold.p10 * 1e-6};
  k.p90 = Seconds{t.cold.p90 * 1e-6};
  k.samples = t.cold.count;
  if (t.hot) k.hot = time(*t.hot);
  if (t.event) k.event = time(*t.event);
  if (t.clock_mhz > 0) k.clock = Hertz{t.clock_mhz * 1e6};
  return k;
}

MeasuredKernel measure_case(const Case& c, const Instruments& instruments, const RunLimits& limits,
                            Progress& progress) {
  const auto workload = c.benchmark->prepare(c.op, c.sms, limits.seed);
  instruments.prove(*workload);
  const Timings timings = measure(*workload, instruments.timer, limits.stop);
  const auto apart = event_disagreement(timings);
  if (apart && timings.cold.median > comparable_us && std::abs(*apart) > agreement) {
    progress.say(
        fmt::format("{}: events are {} from CUPTI's time", c.name(), signed_percent(*apart)));
  }
  if (!timings.settled) {
    progress.say(fmt::format("{}: the median is known to {:.1f} % only", c.name(),
                             100 * timings.cold.relative_error));
  }
  MeasuredKernel row = row_of(c, timings);
  if (instruments.count) row.counters = instruments.count(*workload);
  return row;
}

}  // namespace

RunOutcome run_cases(const std::vector<Case>& cases, const Instruments& instruments,
                     const RunLimits& limits, MeasurementLog& log, const std::atomic<bool>& stop) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto spent = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  RunOutcome outcome;
  Progress progress(cases.size());
  for (const Case& c : cases) {
    if (limits.counters_missing ? log.has_counters(c.key()) : log.has(c.key())) {
      progress.begin(c.name());
      ++outcome.already;
      continue;
    }
    outcome.interrupted = stop.load();
    if (outcome.interrupted || (limits.budget_s > 0 && spent() >= limits.budget_s)) {
      ++outcome.left;
      continue;
    }
    progress.begin(c.name());
    try {
      log.append(measure_case(c, instruments, limits, progress));
      ++outcome.measured;
    } catch (const Unavailable& e) {
      progress.say(fmt::format("{}: not here: {}", c.name(), e.what()));
      ++outcome.unavailable;
    } catch (const OutOfMemory& e) {
      progress.say(fmt::format("{}: too large: {}", c.name(), e.what()));
      ++outcome.unavailable;
    } catch (const std::exception& e) {
      progress.say(fmt::format("{}: failed: {}", c.name(), e.what()));
      ++outcome.failed;
    }
  }
  return outcome;
}

}  // namespace fleetwright::gpu
