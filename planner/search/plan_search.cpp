#include "planner/search/plan_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/core/error.hpp"
#include "models/core/format.hpp"
#include "planner/search/promising.hpp"
#include "sim/estimator.hpp"

namespace fleetwright {
namespace {

StepSetup of_size(const Scenario& scenario, int gpus) {
  StepSetup setup = scenario.setup;
  setup.cluster.gpus = gpus;
  return setup;
}

std::string short_name(const ParallelStrategy& s) {
  return fmt::format("tp {} x pp {} x cp {} x dp {}, ep {}, zero {}", s.tp, s.pp, s.cp, s.dp, s.ep,
                     s.zero_stage);
}

double days_of(const Report& report) { return report.run.estimate.wall.si() / 86400; }

bool has_rent(const Report& report) { return report.rental_usd.has_value(); }

// Dollars of rent, and GPU-hours where no plan has a rent. Unknown is more than all that is known.
std::vector<double> costs_of(const std::vector<Report>& plans) {
  const bool dollars = std::ranges::any_of(plans, has_rent);
  std::vector<double> costs;
  for (const Report& plan : plans) {
    costs.push_back(dollars ? plan.rental_usd.value_or(HUGE_VAL) : plan.total_gpu_hours);
  }
  return costs;
}

void find_pareto(PlanAnswer& answer, const std::vector<double>& costs) {
  answer.pareto.clear();
  double cheapest = HUGE_VAL;
  for (std::size_t i = 0; i < answer.plans.size(); ++i) {  // fastest first
    const double cost = costs[i];
    if (cost >= cheapest) continue;
    cheapest = cost;
    answer.pareto.push_back(i);
  }
}

}  // namespace

// The cheapest of those that meet the question.
void settle_answer(PlanAnswer& answer, const PlanQuestion& question) {
  std::ranges::sort(answer.plans, {}, days_of);
  const std::vector<double> costs = costs_of(answer.plans);
  find_pareto(answer, costs);
  const std::vector<Report>& plans = answer.plans;
  if (question.deadline_days && days_of(plans.front()) > *question.deadline_days) {
    const Report& fastest = plans.front();
    throw Infeasible(fmt::format(
        "no plan meets the deadline of {:.4g} days: the fastest takes {:.4g} days on {} "
        "accelerators ({}), {:.4g} too many\n  help: at that rate about {:.0f} accelerators would",
        *question.deadline_days, days_of(fastest), fastest.scenario.setup.cluster.gpus,
        short_name(fastest.scenario.setup.job.strategy), days_of(fastest) - *question.deadline_days,
        fastest.scenario.setup.cluster.gpus * days_of(fastest) / *question.deadline_days));
  }
  if (question.budget_usd && std::ranges::none_of(plans, has_rent)) {
    throw Infeasible("a budget needs a rent: no plan's machines have one");
  }
  std::optional<std::size_t> best;
  double cheapest = HUGE_VAL;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (question.deadline_days && days_of(plans[i]) > *question.deadline_days) continue;
    cheapest = std::min(cheapest, costs[i]);
    if (question.budget_usd && costs[i] > *question.budget_usd) continue;
    const bool wants_cheap = question.deadline_days.has_value();
    if (!best || (wants_cheap && costs[i] < costs[*best])) best = i;
  }
  if (!best) {
    throw Infeasible(fmt::format(
        "no plan stays in the budget of {}: the cheapest{} costs {}, {} too much",
        human(Usd{*question.budget_usd}), question.deadline_days ? " that meets the deadline" : "",
        human(Usd{cheapest}), human(Usd{cheapest - *question.budget_usd})));
  }
  answer.best = *best;
}

PlanAnswer search_plans(const Scenario& scenario, const PlanQuestion& question,
                        const Estimator& estimator, const RunControl& control) {
  const std::vector<Procurement> procurement = procurement_of(scenario);
  if (!procurement.empty() && !procurement.front().usable()) {
    throw Infeasible(fmt::format("{} cannot be had: {}", procurement.front().accelerator,
                                 describe(procurement.front())));
  }
  if (question.budget_usd && !scenario.rent) {
    throw Infeasible("a budget needs a rent: the scenario has no [price] rent");
  }
  PlanAnswer answer;
  answer.procurement = procurement;
  const double start = clock_seconds();
  std::vector<int> sizes = question.accelerators;
  if (sizes.empty()) sizes.push_back(scenario.setup.cluster.gpus);
  std::vector<Candidate> candidates;
  Candidate leanest;
  for (const int gpus : sizes) {
    auto of_this = promising(of_size(scenario, gpus), answer.searched, leanest);
    answer.searched.refined += static_cast<long>(of_this.size());
    refine(of_this, control, question.memory);
    if (of_this.size() > static_cast<std::size_t>(question.best)) {
      of_this.resize(static_cast<std::size_t>(question.best));
    }
    std::ranges::move(of_this, std::back_inserter(candidates));
  }
  if (candidates.empty()) {
    const Bytes capacity = scenario.setup.cluster.accelerator.memory_capacity.value;
    const std::string least =
        answer.searched.evaluated == 0
            ? std::string("no strategy keeps to the rules; see the scenario's batch and cluster")
            : fmt::format("the leanest of {} strategies ({}) needs {} and {} has {}",
                          answer.searched.evaluated, short_name(leanest.setup.job.strategy),
                          human(leanest.quick.memory), scenario.setup.cluster.accelerator.id,
                          human(capacity));
    throw Infeasible("nothing fits: " + least);
  }
  for (const Candidate& c : candidates) {
    Scenario planned = scenario;
    planned.setup = c.setup;
    planned.claims.clear();
    answer.plans.push_back(make_report(planned, estimator));
    if (control.stops()) throw Interrupted();
  }
  answer.searched.seconds = clock_seconds() - start;
  settle_answer(answer, question);
  return answer;
}

std::optional<std::size_t> runner_up(const PlanAnswer& answer) {
  const Seconds best = answer.plans[answer.best].step.time;
  for (std::size_t i = 0; i < answer.plans.size(); ++i) {
    if (std::abs(answer.plans[i].step.time / best - 1) > 1e-3) return i;
  }
  return std::nullopt;
}

}  // namespace fleetwright
