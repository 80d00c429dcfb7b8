// What leads to the final run: experiments, earlier models, people, data.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "planner/cost/scopes.hpp"

namespace fleetwright {
namespace {

/// The owned run as one amount, with all inputs of its lines.
struct OwnedRun {
  std::vector<std::size_t> inputs;
  CostAmount amount;
};

OwnedRun sum_of(const CostScope& owned) {
  OwnedRun run;
  std::vector<CostAmount> amounts;
  for (const CostLine& line : owned.lines) {
    if (!line.absent.empty()) continue;
    amounts.push_back(line.amount);
    for (const std::size_t i : line.inputs) {
      if (std::ranges::find(run.inputs, i) == run.inputs.end()) run.inputs.push_back(i);
    }
  }
  run.amount = [amounts = std::move(amounts)](CostSample v) {
    double sum = 0;
    for (const auto& amount : amounts) sum += amount(v);
    return sum;
  };
  return run;
}

std::size_t scenario_input(CostInputs& inputs, const std::string& name, const std::string& unit,
                           const SourcedRange& range) {
  return inputs.given(name, unit, range.range, "scenario", {range.source});
}

CostLine experiments_line(const ProgrammeSettings& p, const OwnedRun& run, CostInputs& inputs) {
  LineInputs line{run.inputs, ""};
  const std::size_t factor = line.add(
      p.experiments
          ? InputOrNot(scenario_input(inputs, "programme.experiments", "ratio", *p.experiments))
          : inputs.price("factor.experiments"));
  return cost_line("experiments, ablations, failed runs", "experiments",
                   "final run, owned x (compute of all over that of the final run - 1)",
                   std::move(line),
                   [run, factor](CostSample v) { return run.amount(v) * (v[factor] - 1); });
}

// Hours of other models at what an hour of the final run costs.
CostLine run_line(const ProgrammeSettings::Run& other, const OwnedRun& run, const Report& report,
                  CostInputs& inputs) {
  LineInputs line{run.inputs, ""};
  const RunHours final_run = add_run_hours(report, inputs, line);
  const std::size_t hours =
      line.add(scenario_input(inputs, "GPU-hours of " + other.name, "h", other.gpu_hours));
  return cost_line(other.name, "earlier models", "GPU-hours x what an hour of the final run costs",
                   std::move(line), [run, final_run, hours](CostSample v) {
                     return run.amount(v) / (v[final_run.hours] * v[final_run.error]) * v[hours];
                   });
}

CostLine staff_line(const ProgrammeSettings& p, CostInputs& inputs) {
  LineInputs line;
  if (!p.people || !p.years) {
    line.absent = "the scenario gives no programme.people and programme.years";
    return cost_line("research staff", "staff", "", std::move(line), {});
  }
  const std::size_t people = line.add(scenario_input(inputs, "programme.people", "1", *p.people));
  const std::size_t years = line.add(scenario_input(inputs, "programme.years", "years", *p.years));
  const std::size_t pay = line.add(inputs.price("staff.research"));
  const std::size_t overhead = line.add(inputs.price("factor.staff-overhead"));
  return cost_line("research staff", "staff", "people x years x pay x overhead", std::move(line),
                   [=](CostSample v) { return v[people] * v[years] * v[pay] * v[overhead]; });
}

CostLine item_line(const ProgrammeSettings::Item& item, CostInputs& inputs) {
  LineInputs line;
  const std::size_t usd = line.add(scenario_input(inputs, item.name, "USD", item.usd));
  return cost_line(item.name, "other", "as given", std::move(line),
                   [usd](CostSample v) { return v[usd]; });
}

}  // namespace

CostScope programme_scope(const Report& report, const CostScope& owned, CostInputs& inputs) {
  CostScope scope;
  scope.id = "programme";
  scope.title = "the programme that leads to it";
  const auto& cost = report.scenario.cost;
  if (!cost || !cost->programme) {
    scope.absent = "the scenario has no [programme]";
    return scope;
  }
  if (!owned.known()) {
    scope.absent = owned.absent;
    return scope;
  }
  const ProgrammeSettings& p = *cost->programme;
  const OwnedRun run = sum_of(owned);
  scope.lines.push_back(cost_line("the final run, owned", "final run",
                                  "sum of the owned run's lines", {run.inputs, ""}, run.amount));
  scope.lines.push_back(experiments_line(p, run, inputs));
  for (const auto& other : p.runs) {
    scope.lines.push_back(run_line(other, run, report, inputs));
  }
  scope.lines.push_back(staff_line(p, inputs));
  for (const auto& item : p.items) scope.lines.push_back(item_line(item, inputs));
  scope.groups = {group_of("compute", {"final run", "experiments", "earlier models"}),
                  group_of("staff", {"staff"})};
  return scope;
}

}  // namespace fleetwright
