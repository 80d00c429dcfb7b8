#include "planner/search/fleet_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <iterator>
#include <optional>
#include <thread>

#include "models/core/error.hpp"
#include "models/core/format.hpp"
#include "planner/island_setups.hpp"
#include "planner/price_book.hpp"
#include "planner/search/fleet_sizing.hpp"
#include "planner/search/island_replicas.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t refined_placements = 16;  // of each mode, by longest path
constexpr std::size_t sizes_alone = 2;

double days_of(const Report& report) { return report.run.estimate.wall.si() / 86400; }

/// A placement with its step by longest path.
struct Refined {
  IslandJob job;
  Seconds time;
  Bytes lacking;  // of the rank that has least room; none if all fit
};

Refined refine(QuickPlacement placement) {
  Refined refined{std::move(placement.job), {}, {}};
  const IslandEstimate estimate = estimate_islands(refined.job, AnalyticEstimator());
  refined.time = estimate.step.time;
  for (std::size_t i = 0; i < estimate.islands.size(); ++i) {
    const IslandUse& use = estimate.islands[i];
    const Bytes capacity = refined.job.parts[i].setup.cluster.accelerator.memory_capacity.value;
    for (int rank = use.first_rank; rank < use.first_rank + use.ranks; ++rank) {
      const Bytes peak = estimate.step.memory[static_cast<std::size_t>(rank)].peak();
      refined.lacking = std::max(refined.lacking, peak - capacity);
    }
  }
  return refined;
}

// Those that fit, fastest first.
std::vector<Refined> refine(std::vector<QuickPlacement> placements, const RunControl& control) {
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<Refined> refined(placements.size());
  std::vector<std::future<void>> parts;
  for (std::size_t t = 0; t < threads; ++t) {
    parts.push_back(std::async(std::launch::async, [&, t] {
      for (std::size_t i = t; i < placements.size() && !control.stops(); i += threads) {
        refined[i] = refine(std::move(placements[i]));
      }
    }));
  }
  for (auto& part : parts) part.get();
  if (control.stops()) throw Interrupted();
  std::erase_if(refined, [](const Refined& r) { return r.lacking > Bytes{0}; });
  const auto time = [](const Refined& r) { return r.time.si(); };
  std::ranges::stable_sort(refined, {}, time);
  // Such as differ in what they shard alone, without a gain.
  const auto copies = std::ranges::unique(refined, {}, time);
  refined.erase(copies.begin(), copies.end());
  return refined;
}

class FleetSearch {
 public:
  FleetSearch(const Scenario& scenario, const PlanQuestion& question, const Estimator& estimator,
              const RunControl& control)
      : scenario_(scenario), question_(question), estimator_(estimator), control_(control) {
    base_ = scenario;
    base_.claims.clear();
    base_.procurement.reset();
    if (base_.cost) {  // of the run alone
      base_.cost->claims.clear();
      base_.cost->programme.reset();
      base_.cost->fleet.reset();
      base_.cost->serving.reset();
    }
    answer_.compares_islands = true;
    choose_islands();
  }

  PlanAnswer run() {
    const double start = clock_seconds();
    for (std::size_t i = 0; i < setups_.islands.size(); ++i) alone(i);
    if (!setups_.links.empty()) {
      mixed(IslandMode::pipeline);
      mixed(IslandMode::replicas);
    }
    if (answer_.plans.empty()) {
      throw Infeasible(fmt::format("nothing fits on any island, nor on all of them together\n  {}",
                                   fmt::join(answer_.notes, "\n  ")));
    }
    separate_jobs();
    one_more_island();
    missing_rents();
    answer_.searched.seconds = clock_seconds() - start;
    settle_answer(answer_, question_);
    return std::move(answer_);
  }

 private:
  // Those that can be had, with the links between them.
  void choose_islands() {
    answer_.procurement = procurement_of(scenario_);
    std::vector<IslandPart> parts = island_setups(scenario_);
    std::vector<int> place(parts.size(), -1);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!answer_.procurement.empty() && !answer_.procurement[i].usable()) {
        answer_.notes.push_back(
            fmt::format("{} is left out: {}", parts[i].name, describe(answer_.procurement[i])));
        continue;
      }
      place[i] = static_cast<int>(setups_.islands.size());
      setups_.islands.push_back(std::move(parts[i]));
      island_of_.push_back(i);
    }
    for (IslandLink link : scenario_.island_links) {
      link.first = place[static_cast<std::size_t>(link.first)];
      link.second = place[static_cast<std::size_t>(link.second)];
      if (link.first >= 0 && link.second >= 0) setups_.links.push_back(link);
    }
  }

  /// What the scenario says of an island; nothing of the cluster.
  [[nodiscard]] const ScenarioIsland* words_of(std::size_t island) const {
    const std::size_t at = island_of_[island];
    return at == 0 ? nullptr : &scenario_.islands[at - 1];
  }

  void alone(std::size_t island) {
    const IslandPart& part = setups_.islands[island];
    Scenario scenario = base_;
    scenario.setup = part.setup;
    scenario.cluster_name = part.name;
    scenario.islands.clear();
    const ScenarioIsland* words = words_of(island);
    if (words != nullptr) scenario.rent = words->rent;
    if (scenario.reliability) scenario.reliability = reliability_of_island(base_, part.name);
    PlanQuestion question;
    question.best = 1;
    question.memory = question_.memory;
    try {
      PlanAnswer found;
      if (words != nullptr && words->train_in_days) {
        found =
            plan_smallest_fleet(scenario, question, *words->train_in_days, part.setup.cluster.gpus,
                                answer_.searched, estimator_, control_);
      } else {
        question.accelerators = sizes_to_look_at(part.setup, sizes_alone);
        found = search_plans(scenario, question, estimator_, control_);
      }
      const Report& best = found.plans[found.best];
      answer_.notes.push_back(fmt::format("{} alone: {:.4g} days on {} of {} {}", part.name,
                                          days_of(best), best.scenario.setup.cluster.gpus,
                                          part.setup.cluster.gpus,
                                          part.setup.cluster.accelerator.id));
      tokens_per_day_ += best.rates.tokens_per_day;
      ++trains_alone_;
      add(found.searched);
      answer_.plans.push_back(std::move(found.plans[found.best]));
    } catch (const Infeasible& e) {
      answer_.notes.push_back(fmt::format("{} alone: {}", part.name, e.what()));
    }
  }

  void add(const Searched& searched) {
    Searched& all = answer_.searched;
    all.evaluated += searched.evaluated;
    all.feasible += searched.feasible;
    all.refined += searched.refined;
    all.evaluation_seconds += searched.evaluation_seconds;
    for (const auto& [why, count] : searched.left_out) all.left_out[why] += count;
  }

  void mixed(IslandMode mode) {
    Searched& searched = answer_.searched;
    const double start = clock_seconds();
    std::vector<QuickPlacement> quick;
    if (mode == IslandMode::pipeline) {
      quick = pipeline_placements(setups_, refined_placements, searched.evaluated);
      searched.evaluation_seconds += clock_seconds() - start;
    } else {
      quick = replica_placements(setups_, refined_placements, searched, control_, question_.memory);
    }
    searched.refined += static_cast<long>(quick.size());
    const bool any = !quick.empty();
    std::vector<Refined> refined = refine(std::move(quick), control_);
    if (refined.empty()) {
      answer_.notes.push_back(
          fmt::format("{} over all islands: {}", to_string(mode),
                      any ? "none fits in memory"
                          : "no placement keeps to the rules, or the islands are not linked"));
      return;
    }
    const auto most = static_cast<std::size_t>(std::max(1, question_.best / 2));
    if (refined.size() > most) refined.resize(most);
    for (Refined& r : refined) {
      Scenario planned = base_;
      planned.setup = r.job.parts.front().setup;
      planned.placement = std::move(r.job);
      try {
        answer_.plans.push_back(make_report(planned, estimator_));
      } catch (const Infeasible& e) {
        answer_.notes.push_back(fmt::format("{} over all islands: {}", to_string(mode), e.what()));
      }
      if (control_.stops()) throw Interrupted();
    }
  }

  // What islands train if each has a job of its own.
  void separate_jobs() {
    if (trains_alone_ < 2 || setups_.links.empty()) return;
    answer_.notes.push_back(
        fmt::format("Separate jobs, one on each island: together {} tokens a day; the fastest "
                    "single job above does {}",
                    human_count(tokens_per_day_), human_count(fastest_tokens_per_day())));
  }

  // What either of two islands adds to the other.
  void one_more_island() {
    if (setups_.islands.size() != 2 || setups_.links.empty()) return;
    double both = HUGE_VAL;
    for (const Report& plan : answer_.plans) {
      if (!plan.islands.empty()) both = std::min(both, days_of(plan));
    }
    if (both == HUGE_VAL) return;
    for (const Report& plan : answer_.plans) {
      if (!plan.islands.empty()) continue;
      const bool first = plan.scenario.cluster_name == setups_.islands[0].name;
      answer_.notes.push_back(
          fmt::format("{} beside {} in one job: {:.4g} days instead of {:.4g} ({})",
                      setups_.islands[first ? 1 : 0].name, plan.scenario.cluster_name, both,
                      days_of(plan), both < days_of(plan) ? "it helps" : "it does not help"));
    }
  }

  // Where there is no rent: what the price book knows, which is for the reader to choose from.
  void missing_rents() {
    for (std::size_t i = 0; i < setups_.islands.size(); ++i) {
      const ScenarioIsland* words = words_of(i);
      if (words != nullptr ? words->rent.has_value() : base_.rent.has_value()) continue;
      const std::string item = "rent." + setups_.islands[i].setup.cluster.accelerator.id;
      std::string known;
      for (const Price& p : price_book().prices()) {
        if (p.item != item) continue;
        known += fmt::format("{}${:.4g} / h ({}, {}, {}, {} confidence, {})",
                             known.empty() ? "" : "; ", p.range.typical, p.kind, p.region,
                             p.date ? to_string(*p.date) : "any time", p.confidence, p.source);
      }
      answer_.notes.push_back(
          fmt::format("{} has no rent in the scenario: {}", setups_.islands[i].name,
                      known.empty() ? fmt::format("the price book has no row {} either", item)
                                    : "the price book has " + known + "; rent = ... takes one"));
    }
  }

  [[nodiscard]] double fastest_tokens_per_day() const {
    double most = 0;
    for (const Report& plan : answer_.plans) most = std::max(most, plan.rates.tokens_per_day);
    return most;
  }

  const Scenario& scenario_;
  const PlanQuestion& question_;
  const Estimator& estimator_;
  const RunControl& control_;
  Scenario base_;
  IslandQuestion setups_;
  std::vector<std::size_t> island_of_;  // of the scenario, the cluster first; of each setup
  PlanAnswer answer_;
  double tokens_per_day_ = 0;
  int trains_alone_ = 0;
};

}  // namespace

PlanAnswer search_fleet(const Scenario& scenario, const PlanQuestion& question,
                        const Estimator& estimator, const RunControl& control) {
  return FleetSearch(scenario, question, estimator, control).run();
}

}  // namespace fleetwright
