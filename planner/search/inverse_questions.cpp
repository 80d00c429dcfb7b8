#include "planner/search/inverse_questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/core/error.hpp"
#include "models/core/format.hpp"
#include "planner/scaling_rule.hpp"
#include "planner/search/fleet_search.hpp"
#include "planner/search/fleet_sizing.hpp"
#include "planner/search/island_replicas.hpp"

namespace fleetwright {
namespace {

// A deadline that so many times the scenario's accelerators do not meet is not a matter of a few
// more.
constexpr int most_times = 16;
constexpr std::size_t sizes_for_power = 3;

double megawatts_of(const Report& report) {
  return report.energy->facility_mwh / (report.total_gpu_hours / accelerators_of(report.scenario));
}

PlanAnswer smallest(const Scenario& scenario, const PlanQuestion& question,
                    const Estimator& estimator, const RunControl& control) {
  if (!question.deadline_days) {
    throw Infeasible("the smallest fleet for what? add --deadline, in days");
  }
  Searched sizing;
  const Cluster& cluster = scenario.setup.cluster;
  PlanAnswer answer = plan_smallest_fleet(scenario, question, *question.deadline_days,
                                          cluster.gpus * most_times, sizing, estimator, control);
  answer.notes.push_back(fmt::format(
      "{} {} are the fewest, of sizes that divide well, that train in {:.4g} days; {} strategies "
      "of other sizes were looked at for that",
      answer.plans.front().scenario.setup.cluster.gpus, cluster.accelerator.id,
      *question.deadline_days, sizing.evaluated));
  settle_answer(answer, question);
  return answer;
}

PlanAnswer fed_by(const Scenario& scenario, const PlanQuestion& question,
                  const Estimator& estimator, const RunControl& control) {
  PlanQuestion first = question;
  first.best = 1;
  first.deadline_days.reset();
  first.budget_usd.reset();
  const PlanAnswer reference = search_plans(scenario, first, estimator, control);
  const Report& plan = reference.plans[reference.best];
  if (!plan.energy) {
    throw Infeasible(
        "how many accelerators megawatts feed needs their power: add [power] with a "
        "pue, for an accelerator whose TDP is known");
  }
  const double each = megawatts_of(plan) / accelerators_of(plan.scenario);
  StepSetup setup = scenario.setup;
  const int nodes = static_cast<int>(*question.megawatts / each / setup.cluster.gpus_per_node);
  if (nodes < 1) {
    throw Infeasible(
        fmt::format("{:.4g} MW feed no node: {} {} draw {:.4g} MW in training, {:.4g} too much",
                    *question.megawatts, setup.cluster.gpus_per_node, setup.cluster.accelerator.id,
                    each * setup.cluster.gpus_per_node,
                    each * setup.cluster.gpus_per_node - *question.megawatts));
  }
  setup.cluster.gpus = nodes * setup.cluster.gpus_per_node;
  PlanQuestion fed = question;
  fed.accelerators = sizes_to_look_at(setup, sizes_for_power);
  PlanAnswer answer = search_plans(scenario, fed, estimator, control);
  answer.notes.push_back(fmt::format(
      "{:.4g} MW feed {} {}, at {:.0f} W each with host and facility", *question.megawatts,
      setup.cluster.gpus, setup.cluster.accelerator.id, each * 1e6));
  return answer;
}

// Of each plan as many tokens as the budget pays for; that with the most is best.
PlanAnswer most_tokens(const Scenario& scenario, const PlanQuestion& question,
                       const Estimator& estimator, const RunControl& control) {
  if (!question.budget_usd) throw Infeasible("the most tokens for what? add --budget, in dollars");
  Scenario pre_training = scenario;
  pre_training.phases.clear();
  PlanQuestion free = question;
  free.budget_usd.reset();
  PlanAnswer answer = search_plans(pre_training, free, estimator, control);
  if (!scenario.rent) {
    throw Infeasible("a budget needs a rent: the scenario has no [price] rent");
  }
  const auto usd_per_token = [](const Report& r) {
    return *r.rental_usd / r.run.estimate.steps / tokens_per_step(r.scenario.setup.job);
  };
  for (Report& plan : answer.plans) {
    Scenario paid = plan.scenario;
    paid.tokens = *question.budget_usd / usd_per_token(plan);
    if (paid.tokens < tokens_per_step(paid.setup.job)) {
      throw Infeasible(
          fmt::format("a step costs {} and the budget is {}",
                      human(Usd{usd_per_token(plan) * tokens_per_step(paid.setup.job)}),
                      human(Usd{*question.budget_usd})));
    }
    plan = make_report(paid, estimator);
    if (control.stops()) throw Interrupted();
  }
  std::ranges::sort(answer.plans, std::ranges::greater{},
                    [](const Report& r) { return r.scenario.tokens; });
  answer.best = 0;
  answer.pareto.clear();
  const Report& best = answer.plans.front();
  const double flop = best.model.training_flop_per_token * best.scenario.tokens;
  const ScalingRule rule = compute_optimal_rule();
  const ScalingRule::Model model = rule.best_for(flop);
  answer.notes.push_back(fmt::format("{} pay for {} tokens of this model",
                                     human(Usd{*question.budget_usd}),
                                     human_count(best.scenario.tokens)));
  answer.notes.push_back(fmt::format(
      "At the same rate the largest model that its tokens suit is a dense one of {} parameters on "
      "{} tokens: {:.3g} flop = {:g} x parameters x tokens [{}], {:g} tokens a parameter [{}]",
      human_count(model.parameters), human_count(model.tokens), flop,
      rule.flop_per_parameter_and_token.value, rule.flop_per_parameter_and_token.provenance.source,
      rule.tokens_per_parameter.value, rule.tokens_per_parameter.provenance.source));
  return answer;
}

}  // namespace

PlanAnswer answer_question(const Scenario& scenario, const PlanQuestion& question,
                           const Estimator& estimator, const RunControl& control) {
  if (question.smallest || question.megawatts || question.most_tokens) {
    PlanAnswer answer = question.smallest    ? smallest(scenario, question, estimator, control)
                        : question.megawatts ? fed_by(scenario, question, estimator, control)
                                             : most_tokens(scenario, question, estimator, control);
    if (!scenario.islands.empty()) {
      answer.notes.push_back(
          fmt::format("This is of [cluster] alone ({}); its {} other islands are left out",
                      scenario.cluster_name, scenario.islands.size()));
    }
    return answer;
  }
  if (!scenario.islands.empty()) return search_fleet(scenario, question, estimator, control);
  return search_plans(scenario, question, estimator, control);
}

}  // namespace fleetwright
