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

void find_pareto(PlanAnswer& answer) {
  answer.pareto.clear();
  double cheapest = HUGE_VAL;
  for (std::size_t i = 0; i < answer.plans.size(); ++i) {  // fastest first
    const double cost = answer.plans[i].rental_usd.value_or(answer.plans[i].total_gpu_hours);
    if (cost >= cheapest) continue;
    cheapest = cost;
    answer.pareto.push_back(i);
  }
}

}  // namespace

// The cheapest of those that meet the question.
void settle_answer(PlanAnswer& answer, const PlanQuestion& question) {
  std::ranges::sort(answer.plans, {}, days_of);
  find_pareto(answer);
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
  const auto cost = [](const Report& r) { return r.rental_usd.value_or(r.total_gpu_hours); };
  std::optional<std::size_t> best;
  double cheapest = HUGE_VAL;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (question.deadline_days && days_of(plans[i]) > *question.deadline_days) continue;
    cheapest = std::min(cheapest, cost(plans[i]));
    if (question.budget_usd && cost(plans[i]) > *question.budget_usd) continue;
    const bool wants_cheap = question.deadline_days.has_value();
    if (!best || (wants_cheap && cost(plans[i]) < cost(plans[*best]))) best = i;
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
    refine(of_this, control);
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

}  // namespace fleetwright
