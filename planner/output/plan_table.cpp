#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "models/core/format.hpp"
#include "planner/output/listing.hpp"
#include "planner/output/markup.hpp"
#include "planner/output/plan_formats.hpp"

namespace fleetwright {
namespace {

using Row = std::vector<std::string>;

const Row header{"",     "GPUs", "strategy", "schedule", "step",   "days",
                 "rent", "MFU",  "bubble",   "exposed",  "update", "memory"};

std::string strategy_of(const ParallelStrategy& s) {
  std::string text = fmt::format("tp{} pp{}", s.tp, s.pp);
  if (s.cp > 1) text += fmt::format(" cp{}", s.cp);
  text += fmt::format(" dp{}", s.dp);
  if (s.ep > 1) text += fmt::format(" ep{}", s.ep);
  if (s.etp > 1) text += fmt::format(" etp{}", s.etp);
  return text + fmt::format(" zero{}", s.zero_stage);
}

std::string machines_of(const Report& plan) {
  const Scenario& s = plan.scenario;
  if (plan.islands.empty()) {
    const bool named = s.cluster_name != s.setup.cluster.accelerator.id && !s.cluster_name.empty();
    return fmt::format("{}{}", s.setup.cluster.gpus, named ? " " + s.cluster_name : "");
  }
  std::string text;
  for (const IslandReport& island : plan.islands) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " + ", island.use.used, island.name);
  }
  return text;
}

std::string strategy_of(const Report& plan) {
  const ParallelStrategy& s = plan.scenario.setup.job.strategy;
  if (plan.islands.empty()) return strategy_of(s);
  if (plan.scenario.placement->mode == IslandMode::replicas) return "replicas";
  return fmt::format("pipeline pp{} dp{}", s.pp, s.dp);
}

std::string schedule_of(const ParallelStrategy& s) {
  constexpr std::array recompute{"", " selective", " recompute"};
  return fmt::format("{}{}, mb {}{}", s.schedule, s.vpp > 1 ? fmt::format(" v{}", s.vpp) : "",
                     s.micro_batch, recompute.at(static_cast<std::size_t>(s.recompute)));
}

Listing plans_of(const PlanAnswer& answer) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < answer.plans.size(); ++i) {
    const Report& p = answer.plans[i];
    const ParallelStrategy& s = p.scenario.setup.job.strategy;
    const RankTime& rank = p.step.critical();
    const auto share = [&](Seconds t) { return fmt::format("{:.1f} %", 100 * (t / p.step.time)); };
    const bool pareto = std::ranges::find(answer.pareto, i) != answer.pareto.end();
    rows.push_back({i == answer.best ? "best"
                    : pareto         ? "pareto"
                                     : "",
                    machines_of(p), strategy_of(p), schedule_of(s), human(p.step.time),
                    fmt::format("{:.2f}", p.run.estimate.wall.si() / 86400),
                    p.rental_usd ? human(Usd{*p.rental_usd}) : "-",
                    fmt::format("{:.1f} %", 100 * p.rates.mfu), share(rank.bubble),
                    share(rank.exposed_communication), share(rank.optimizer),
                    human(p.step.fullest().peak())});
  }
  return {header, std::move(rows)};
}

// What the first plan that really takes another time spends more of.
std::string why_it_lost(const PlanAnswer& answer) {
  const Report& best = answer.plans[answer.best];
  const auto differs = [&](const Report& plan) {
    return std::abs(plan.step.time / best.step.time - 1) > 1e-3;
  };
  const auto at = std::ranges::find_if(answer.plans, differs);
  if (at == answer.plans.end()) return "";
  const Report& other = *at;
  const RankTime &a = best.step.critical(), &b = other.step.critical();
  const std::array parts{
      std::pair{"computation", b.compute - a.compute},
      std::pair{"exposed communication", b.exposed_communication - a.exposed_communication},
      std::pair{"bubble", b.bubble - a.bubble}, std::pair{"update", b.optimizer - a.optimizer}};
  std::string text;
  for (const auto& [name, more] : parts) {
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", name, more < Seconds{0} ? "-" : "+",
                        human(Seconds{std::abs(more.si())}));
  }
  return fmt::format("Beside the best, {} on {}: {}\n", strategy_of(other), machines_of(other),
                     text);
}

// Layers of the ranks, runs of equal ones together: "3, 4 x 5".
std::string runs_of(const std::vector<int>& layers) {
  std::string text;
  for (std::size_t i = 0; i < layers.size();) {
    std::size_t end = i;
    while (end < layers.size() && layers[end] == layers[i]) ++end;
    text += text.empty() ? "" : ", ";
    text += end - i > 1 ? fmt::format("{} x {}", end - i, layers[i]) : std::to_string(layers[i]);
    i = end;
  }
  return text;
}

// What each island does in the fastest plan that uses several.
std::string placement_of(const PlanAnswer& answer, const char* format) {
  const auto at =
      std::ranges::find_if(answer.plans, [](const Report& r) { return !r.islands.empty(); });
  if (at == answer.plans.end()) return "";
  std::vector<Row> rows;
  for (const IslandReport& r : at->islands) {
    const int all = std::accumulate(r.use.stage_layers.begin(), r.use.stage_layers.end(), 0);
    rows.push_back(
        {r.name, r.accelerator, fmt::format("{} of {}", r.use.used, r.accelerators),
         strategy_of(r.strategy), fmt::format("{} ({})", all, runs_of(r.use.stage_layers)),
         std::to_string(r.use.sequences), r.precision, fmt::format("{:.1f} %", 100 * r.use.idle),
         fmt::format("{:.1f} %", 100 * r.idle()),
         fmt::format("{} of {}", human(r.peak_memory), human(r.capacity))});
  }
  const Row columns{"island",    "accelerator", "used",  "strategy",    "layers (of its ranks)",
                    "sequences", "precision",   "waits", "idle in all", "memory"};
  return fmt::format("The fastest on several islands, {}:\n{}\n",
                     to_string(at->scenario.placement->mode),
                     print(Listing{columns, rows}, format));
}

// What fleets of different machines need and what holds them back.
std::string fleets_of(const PlanAnswer& answer, const char* format) {
  if (!answer.compares_islands) return "";
  std::vector<Row> rows;
  for (const Report& p : answer.plans) {
    const double hours = p.total_gpu_hours / accelerators_of(p.scenario);
    std::string bound;
    for (const CriticalShare& share : p.step.bound_by) {
      bound +=
          fmt::format("{}{} {:.0f} %", bound.empty() ? "" : ", ", share.what, 100 * share.share);
    }
    rows.push_back({machines_of(p),
                    p.islands.empty() ? p.scenario.setup.job.precision.name : "each its own",
                    fmt::format("{:.2f}", p.run.estimate.wall.si() / 86400),
                    p.energy ? fmt::format("{:.2f}", p.energy->facility_mwh / hours) : "-",
                    p.rental_usd ? human(Usd{*p.rental_usd}) : "no rent known", std::move(bound)});
  }
  return "What each fleet takes:\n" +
         print(Listing{{"fleet", "precision", "days", "MW", "rent", "bound by"}, rows}, format) +
         "\n";
}

std::string notes_of(const PlanAnswer& answer) {
  std::string text;
  for (const Procurement& p : answer.procurement) {
    text += fmt::format("- {} ({}): {}\n", p.island, p.accelerator, describe(p));
  }
  for (const std::string& note : answer.notes) text += "- " + note + "\n";
  return text.empty() ? text : text + "\n";
}

std::string searched(const Searched& s) {
  std::string text = fmt::format(
      "Searched {} strategies in {:.2f} s ({:.0f} a second in closed form): {} fit in memory, {} "
      "by longest path\n",
      s.evaluated, s.seconds,
      s.evaluation_seconds > 0 ? static_cast<double>(s.evaluated) / s.evaluation_seconds : 0.0,
      s.feasible, s.refined);
  for (const auto& [why, count] : s.left_out)
    text += fmt::format("  left out {:6}  {}\n", count, why);
  return text;
}

}  // namespace

std::string plan_table(const PlanAnswer& answer) {
  const Scenario& scenario = answer.plans.front().scenario;
  return fmt::format("{}\n{}\n\n{}\n{}{}{}{}", scenario.name, scenario.question,
                     print(plans_of(answer), "table"),
                     fleets_of(answer, "table") + placement_of(answer, "table"), notes_of(answer),
                     why_it_lost(answer), searched(answer.searched));
}

std::string plan_markdown(const PlanAnswer& answer) {
  return fmt::format(
      "# {}\n\n{}\n{}{}{}\n```\n{}```\n", markdown_text(answer.plans.front().scenario.name),
      print(plans_of(answer), "md"), fleets_of(answer, "md") + placement_of(answer, "md"),
      markdown_text(notes_of(answer)), markdown_text(why_it_lost(answer)),
      searched(answer.searched));
}

std::string tornado_table(const PlanAnswer& answer, const std::vector<PlanSwing>& tornado,
                          std::string_view format) {
  std::vector<Row> rows;
  for (const PlanSwing& swing : tornado) {
    const auto winner = [&](const PlanSwing::End& end) {
      if (end.best == answer.best) return std::string("the same");
      const Report& other = answer.plans[end.best];
      return fmt::format("{}, {} ({:.2f} days)", strategy_of(other),
                         schedule_of(other.scenario.setup.job.strategy), end.days_of_fastest);
    };
    rows.push_back({swing.what, fmt::format("x {:g}", swing.low.factor.value),
                    fmt::format("{:.2f}", swing.low.days), winner(swing.low),
                    fmt::format("x {:g}", swing.high.factor.value),
                    fmt::format("{:.2f}", swing.high.days), winner(swing.high),
                    swing.high.factor.provenance.source});
  }
  const Row columns{"assumption", "low",  "days",         "fastest then",
                    "high",       "days", "fastest then", "source"};
  return fmt::format("The best plan's days if an assumption is off:\n{}\n",
                     print(Listing{columns, rows}, format));
}

std::string plan_csv(const PlanAnswer& answer) { return print(plans_of(answer), "csv"); }

}  // namespace fleetwright
