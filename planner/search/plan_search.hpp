#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "planner/procurement.hpp"
#include "planner/report.hpp"
#include "planner/search/promising.hpp"
#include "sim/run_control.hpp"

namespace fleetwright {

/// What a search is to find.
struct PlanQuestion {
  std::vector<int> accelerators;        // cluster sizes to look at; empty: the scenario's
  std::optional<double> deadline_days;  // of the run
  std::optional<double> budget_usd;     // rent of the run
  int best = 5;                         // plans to answer in full
  bool smallest = false;                // the fewest accelerators that meet the deadline
  bool most_tokens = false;             // that the budget pays for, not the scenario's
  std::optional<double> megawatts;      // that the facility has: as many accelerators as it feeds
  CandidateMemory* memory = nullptr;    // of earlier searches; nothing: all is computed
};

/// Plans by time of the run, fastest first; each is a report of the scenario with that strategy.
struct PlanAnswer {
  std::vector<Report> plans;
  std::size_t best = 0;  // the cheapest that meets the question, else the fastest
  /// Plans that none beats in both days and dollars of rent, or GPU-hours where none has a rent;
  /// of several, those without a rent are not among them.
  std::vector<std::size_t> pareto;
  Searched searched;
  std::vector<std::string> notes;        // what a reader should know besides
  bool compares_islands = false;         // plans are of different machines
  std::vector<Procurement> procurement;  // where the scenario says where machines are bought
};

/// Searches the strategies of a scenario's model on its cluster: all in closed form, the most
/// promising by longest path, the best with `estimator`. Throws Infeasible if nothing fits in
/// memory, meets the deadline or stays in the budget, with what is lacking.
[[nodiscard]] PlanAnswer search_plans(const Scenario& scenario, const PlanQuestion& question,
                                      const Estimator& estimator, const RunControl& control);

/// Orders the plans of an answer, finds those that none beats, and the best for the question.
/// Throws Infeasible as search_plans() does.
void settle_answer(PlanAnswer& answer, const PlanQuestion& question);

/// The fastest plan whose step really takes another time than that of the best.
[[nodiscard]] std::optional<std::size_t> runner_up(const PlanAnswer& answer);

}  // namespace fleetwright
