#include "planner/search/plan_tornado.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <future>
#include <map>

#include "models/core/data_files.hpp"
#include "models/core/error.hpp"
#include "models/core/toml_table.hpp"
#include "profiles/sourced_toml.hpp"
#include "sim/estimator.hpp"

namespace fleetwright {
namespace {

/// A row of the data file.
struct Assumption {
  std::string what;
  Sourced<double> low, high;
};

std::map<std::string, Assumption> read_assumptions() {
  const auto read_one = [](const std::string& /*name*/, TomlTable table) {
    SourcedReader sourced(table);
    const auto number = [&](std::string_view key) {
      return required(table, key, sourced.number(key), "{ value = ..., kind = ..., source = ... }");
    };
    Assumption a{table.text("what").value_or(""), number("low"), number("high")};
    table.require("what", "\"bandwidth of the NICs\"");
    table.refuse_unknown_keys();
    return a;
  };
  return read_named_tables<Assumption>(data_file("planner/data/plan_assumptions.toml"), read_one);
}

// Which quantity of a setup a name stands for.
using Change = std::function<void(StepSetup& setup, double factor)>;
const std::map<std::string, Change, std::less<>>& changes() {
  static const std::map<std::string, Change, std::less<>> all{
      {"kernels-in-a-step", [](StepSetup& s, double f) { s.stack.in_step_slowdown.value *= f; }},
      {"scale-up-bandwidth",
       [](StepSetup& s, double f) { s.cluster.scale_up.achievable_bandwidth.value *= f; }},
      {"nic-bandwidth",
       [](StepSetup& s, double f) { s.cluster.nic.achievable_bandwidth.value *= f; }},
      {"expert-imbalance",
       [](StepSetup& s, double f) {
         s.job.expert_imbalance = 1 + (s.job.expert_imbalance - 1) * f;
       }},
  };
  return all;
}

void change(Scenario& scenario, const std::string& name, double factor) {
  if (name == "island-link-bandwidth") {
    if (!scenario.placement) return;
    for (IslandLink& link : scenario.placement->links) link.bandwidth *= factor;
    return;
  }
  const auto at = changes().find(name);
  if (at == changes().end()) {
    throw Error("planner/data/plan_assumptions.toml: nothing is called " + name);
  }
  at->second(scenario.setup, factor);
  if (!scenario.placement) return;
  for (IslandPart& part : scenario.placement->parts) at->second(part.setup, factor);
}

Seconds step_time(const Scenario& scenario) {
  const AnalyticEstimator estimator;
  return scenario.placement ? estimate_islands(*scenario.placement, estimator).step.time
                            : estimate_step(scenario.setup, estimator).time;
}

PlanSwing::End end_of(const PlanAnswer& answer, const std::string& name,
                      const Sourced<double>& factor) {
  std::vector<std::future<double>> days;
  for (const Report& plan : answer.plans) {
    days.push_back(std::async(std::launch::async, [&plan, &name, &factor] {
      Scenario scenario = plan.scenario;
      const Seconds before = step_time(scenario);
      change(scenario, name, factor.value);
      // Failures and the engine's contention stretch a run as they did.
      return plan.run.estimate.wall.si() * (step_time(scenario) / before) / 86400;
    }));
  }
  PlanSwing::End end;
  end.factor = factor;
  end.days_of_fastest = HUGE_VAL;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const double of_plan = days[i].get();
    if (i == answer.best) end.days = of_plan;
    if (of_plan >= end.days_of_fastest) continue;
    end.days_of_fastest = of_plan;
    end.best = i;
  }
  return end;
}

}  // namespace

double PlanSwing::width() const { return std::abs(high.days - low.days); }

std::vector<PlanSwing> plan_tornado(const PlanAnswer& answer, const RunControl& control) {
  std::vector<PlanSwing> swings;
  for (const auto& [name, assumption] : read_assumptions()) {
    if (control.stops()) throw Interrupted();
    PlanSwing swing{assumption.what, end_of(answer, name, assumption.low),
                    end_of(answer, name, assumption.high)};
    if (swing.width() > 0) swings.push_back(std::move(swing));
  }
  std::ranges::stable_sort(swings, std::ranges::greater{}, &PlanSwing::width);
  return swings;
}

}  // namespace fleetwright
