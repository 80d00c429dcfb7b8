#include "planner/search/promising.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>

#include "models/core/error.hpp"
#include "planner/feasibility.hpp"
#include "planner/search/search_space.hpp"
#include "sim/estimator.hpp"
#include "sim/program_builder.hpp"
#include "sim/step_outcome.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

// Of each size: the best of all, and of each schedule, as the closed form may favour one.
constexpr std::size_t refined_of_all = 24;
constexpr std::size_t refined_of_each_schedule = 4;
// The closed form may say a little too much; the longest path's footprint decides.
constexpr double memory_slack = 1.1;

StepSetup with_strategy(StepSetup setup, const ParallelStrategy& strategy) {
  setup.job.strategy = strategy;
  const bool even = setup.job.model.layers % model_stages(strategy) == 0;
  if (!even && setup.pipeline_layout == "even") setup.pipeline_layout = "balanced";
  return setup;
}

// All strategies in closed form, a share on each core.
std::vector<QuickStep> evaluate(const StepSetup& setup,
                                const std::vector<ParallelStrategy>& strategies) {
  const Fabric fabric = build_fabric(setup.cluster);
  std::vector<QuickStep> quick(strategies.size());
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::future<void>> parts;
  for (std::size_t t = 0; t < threads; ++t) {
    // Neighbours share the costs of a layer: they stay together.
    const std::size_t from = strategies.size() * t / threads;
    const std::size_t to = strategies.size() * (t + 1) / threads;
    parts.push_back(std::async(std::launch::async, [&, from, to] {
      QuickStepModel model(setup, fabric);
      for (std::size_t i = from; i < to; ++i) quick[i] = model.estimate(strategies[i]);
    }));
  }
  for (auto& part : parts) part.get();
  return quick;
}

}  // namespace

double clock_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::vector<Candidate> promising(const StepSetup& setup, Searched& searched, Candidate& leanest,
                                 const StrategyFilter& wanted) {
  SearchSpace space = search_space(setup);
  if (wanted) std::erase_if(space.strategies, [&](const auto& s) { return !wanted(s); });
  for (const auto& [why, count] : space.left_out) searched.left_out[why] += count;
  const double start = clock_seconds();
  const std::vector<QuickStep> quick = evaluate(setup, space.strategies);
  searched.evaluation_seconds += clock_seconds() - start;
  searched.evaluated += static_cast<long>(quick.size());
  const double capacity = setup.cluster.accelerator.memory_capacity.value.si();
  std::vector<std::size_t> fits;
  for (std::size_t i = 0; i < quick.size(); ++i) {
    if (quick[i].memory.si() <= capacity * memory_slack) fits.push_back(i);
    if (leanest.quick.memory == Bytes{} || quick[i].memory < leanest.quick.memory) {
      leanest = {with_strategy(setup, space.strategies[i]), quick[i], {}, {}};
    }
  }
  searched.feasible += static_cast<long>(fits.size());
  std::ranges::sort(fits, {}, [&](std::size_t i) { return quick[i].time.si(); });
  std::vector<Candidate> out;
  std::map<std::string, std::size_t> of_schedule;
  for (const std::size_t i : fits) {
    const ParallelStrategy& s = space.strategies[i];
    // What recomputes nothing more is no other plan.
    const bool twin = !out.empty() && out.back().quick.time == quick[i].time &&
                      out.back().quick.memory == quick[i].memory;
    if (twin) continue;
    const bool first = of_schedule[s.schedule]++ < refined_of_each_schedule;
    if (!first && out.size() >= refined_of_all) continue;
    out.push_back({with_strategy(setup, s), quick[i], {}, {}});
  }
  return out;
}

void refine(std::vector<Candidate>& candidates, const RunControl& control,
            CandidateMemory* memory) {
  std::vector<Candidate*> open;
  for (Candidate& c : candidates) {
    const auto known = memory == nullptr ? std::nullopt : memory->find(c.setup);
    if (known) {
      c.time = known->time;
      c.memory = known->memory;
    } else {
      open.push_back(&c);
    }
  }
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::future<void>> parts;
  for (std::size_t t = 0; t < threads; ++t) {
    parts.push_back(std::async(std::launch::async, [&, t] {
      const AnalyticEstimator estimator;
      std::unique_ptr<OperatorTimeModel> times;
      for (std::size_t i = t; i < open.size() && !control.stops(); i += threads) {
        Candidate& c = *open[i];
        if (!times) times = make_time_model(c.setup);
        const StepOutcome outcome = step_outcome(c.setup, estimator, *times);
        c.time = outcome.time;
        c.memory = outcome.fullest().peak();
        if (t == 0) control.done(static_cast<double>(i) / static_cast<double>(open.size()));
      }
    }));
  }
  for (auto& part : parts) part.get();
  if (memory != nullptr) {
    std::vector<Candidate> timed;
    for (const Candidate* c : open) {
      if (c->time > Seconds{}) timed.push_back(*c);  // not those that an interruption left
    }
    memory->keep(timed);
  }
  if (control.stops()) throw Interrupted();
  std::erase_if(candidates, [](const Candidate& c) {
    return c.memory > c.setup.cluster.accelerator.memory_capacity.value;
  });
  std::ranges::sort(candidates, {}, [](const Candidate& c) { return c.time.si(); });
}

}  // namespace fleetwright
