#include "sim/run_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "sim/checkpoint_interval.hpp"

namespace fleetwright {
namespace {

// Time that a stretch of `length` without a failure takes at a failure rate, begun anew after each:
// (e^(rate length) - 1) / rate.
Seconds with_retries(Seconds length, Hertz rate) {
  if (rate.si() <= 0) return length;
  return std::expm1(rate * length) / rate;
}

// Running time from one safe checkpoint to the next, `length` later if nothing fails. A failure
// goes back to the last checkpoint that is safe, an upload older than the last one taken, and the
// segment after it is without the drag of an upload: (1 - e^(-rate length)) e^(rate (length - drag
// + upload)) / rate, which is Daly's segment where nothing is uploaded.
Seconds segment_time(Seconds length, const CheckpointCost& cost, Hertz rate) {
  if (rate.si() <= 0) return length;
  return -std::expm1(-(rate * length)) * std::exp(rate * (length - cost.drag() + cost.upload)) /
         rate;
}

// Fraction of time for which all of `servers` are taken (Erlang's loss formula, by its recursion).
// Insensitive to how repair times are distributed. A job that waits for a node does not fail, as a
// blocked call does not arrive.
double erlang_loss(int servers, double load) {
  double blocked = 1;
  for (int n = 1; n <= servers; ++n) blocked = load * blocked / (n + load * blocked);
  return blocked;
}

// Mean speed over an undisturbed step's. Slow parts come and go independently, so that the number
// slower than some factor is Poisson (M/G/infinity); the slowest sets the pace of all.
double mean_speed(const std::vector<SlowCause>& slowdowns, Seconds until_restart) {
  // By factor, the slowest first, the mean number of slow parts.
  std::map<double, double, std::greater<>> active;
  for (const SlowCause& slow : slowdowns) {
    active[slow.step_factor] +=
        slow.rate * (slow.lasts + (slow.replaces_node ? until_restart : Seconds{}));
  }
  double speed = 0;
  double none_slower = 1;  // probability that nothing is slower than the factor at hand
  for (const auto& [factor, number] : active) {
    const double without = none_slower * std::exp(-number);
    speed += (none_slower - without) / std::max(1.0, factor);
    none_slower = without;
  }
  return speed + none_slower;
}

Hertz slow_restarts(const Reliability& r) {
  Hertz rate;
  for (const SlowCause& slow : r.slowdowns) rate += slow.replaces_node ? slow.rate : Hertz{};
  return rate;
}

void add_failures(RunEstimate& run, const Reliability& r) {
  const Hertz failing = r.failure_rate();
  const CheckpointCost& c = r.checkpoint;
  const Seconds interval = run.checkpoint_interval.value_or(run.training);
  // A node found slow goes at the next checkpoint, half a segment later on average.
  const double speed = mean_speed(r.slowdowns, 0.5 * interval);

  // Time in which the job runs, work done again included; no checkpoint follows the last segment.
  const double segments = std::max(1.0, std::ceil(run.training / interval - 1e-9));
  const Seconds last = run.training - (segments - 1) * interval;
  const Seconds running =
      segments > 1 ? (segments - 1) * segment_time(interval / speed + c.cost(), c, failing) +
                         segment_time(last / speed + c.drag(), c, failing)
                   : with_retries(last / speed, failing);
  // Time in which it does not. A failure strikes restarts too.
  const Seconds down = with_retries(r.detection + r.restart, failing);
  const Seconds planned = c.upload + r.restart;
  const double interrupted = 1 - std::exp(-(failing * planned));
  const Seconds planned_down =
      (failing.si() > 0 ? interrupted / failing : planned) + interrupted * down;
  const double replacing = slow_restarts(r) * planned_down;
  Seconds wall = running * (1 + failing * down + r.planned_rate() * planned_down);
  wall = replacing < 1 ? wall / (1 - replacing) : Seconds{HUGE_VAL};
  run.failures_expected = failing * wall;
  run.planned_expected = r.planned_rate() * running + slow_restarts(r) * wall;
  if (r.spare_nodes) {
    // All wait for the island that lacks a node, and nothing fails meanwhile, so that no two lack
    // one: product form without the states in which more than one does. Odds add up.
    double odds = 0;
    for (int island = 0; island < r.islands(); ++island) {
      const double loss = erlang_loss(*r.spare_nodes + 1, r.replacement_rate(island) * r.repair);
      odds += loss / (1 - loss);
    }
    run.waiting_fraction = odds / (1 + odds);
  }
  run.wall = wall / (1 - run.waiting_fraction);
  if (!is_finite(run.wall)) run.wall = Seconds{HUGE_VAL};
  run.stopped = run.wall - running;
  run.goodput = run.training / run.wall;
  run.ettr = run.goodput / speed;
  if (failing.si() > 0) run.time_between_failures = 1 / failing;
}

}  // namespace

std::optional<Seconds> planned_interval(const Reliability& r, Seconds step_time) {
  const Hertz failing = r.failure_rate();
  if (!r.checkpoint.interval && failing.si() <= 0) return std::nullopt;
  const Seconds wanted =
      r.checkpoint.interval
          ? *r.checkpoint.interval
          : checkpoint_interval(r.checkpoint.rule, r.checkpoint.cost(), 1 / failing);
  const double least = std::max(1.0, std::ceil(r.checkpoint.upload / step_time));
  return std::max(least, std::round(wanted / step_time)) * step_time;
}

RunEstimate estimate_run(double tokens, double tokens_per_step, Seconds step_time,
                         const std::optional<Reliability>& reliability) {
  RunEstimate run;
  run.tokens = tokens;
  run.steps = std::ceil(tokens / tokens_per_step);
  run.training = run.steps * step_time;
  run.wall = run.training;
  if (!reliability) return run;
  run.checkpoint_interval = planned_interval(*reliability, step_time);
  add_failures(run, *reliability);
  return run;
}

}  // namespace fleetwright
