#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/core/format.hpp"
#include "planner/output/listing.hpp"
#include "planner/output/markup.hpp"
#include "planner/output/plan_formats.hpp"
#include "planner/output/text_columns.hpp"

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
  const auto at = runner_up(answer);
  if (!at) return "";
  const Report& other = answer.plans[*at];
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
  const auto difference = [](auto more) {
    const double amount = more.si();
    return fmt::format("{} {}", human(decltype(more){std::abs(amount)}),
                       amount < 0 ? "less" : "more");
  };
  std::string money;
  if (best.rental_usd && other.rental_usd) {
    money =
        fmt::format("; the run {} of rent", difference(Usd{*other.rental_usd - *best.rental_usd}));
  }
  return fmt::format(
      "Why the runner-up lost: a step of {}, {}, on {} takes {} on its busiest rank: {}{}\n",
      strategy_of(other), schedule_of(other.scenario.setup.job.strategy), machines_of(other),
      difference(other.step.time - best.step.time), text, money);
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

std::string usd_or(const std::optional<double>& usd, const char* otherwise) {
  return usd ? human(Usd{*usd}) : otherwise;
}

// What each island of that plan fails, draws and costs, and the sums.
std::string shares_of(const Report& plan, const char* format) {
  const double hours = plan.total_gpu_hours / accelerators_of(plan.scenario);
  const auto energy = [&](const std::optional<EnergyReport>& e) {
    return std::pair{e ? fmt::format("{:.3f}", e->facility_mwh / hours) : "-",
                     e ? fmt::format("{:.4g}", e->facility_mwh) : "-"};
  };
  std::vector<Row> rows;
  const auto add = [&](const std::string& name, int used, const std::optional<EnergyReport>& e,
                       std::string watts, std::string failures, std::string expected,
                       const std::optional<double>& rent, const std::optional<double>& owned) {
    const auto [mw, mwh] = energy(e);
    rows.push_back({name, std::to_string(used), std::move(watts), mw, mwh, std::move(failures),
                    std::move(expected), usd_or(rent, "-"), usd_or(owned, "-")});
  };
  const auto count = [](const std::optional<double>& n) {
    return n ? fmt::format("{:.4g}", *n) : std::string("-");
  };
  for (const IslandReport& r : plan.islands) {
    const bool draws = r.energy && r.energy->draw;
    add(r.name, r.use.used, r.energy,
        draws ? fmt::format("{:.0f} W", r.energy->draw->gpu.si()) : "-", count(r.failures_per_day),
        count(r.failures_expected), r.rental_usd, r.owned_usd);
  }
  const auto& run = plan.run;
  add("all", accelerators_of(plan.scenario), plan.energy, "",
      run.reliability ? count(run.reliability->failure_rate().si() * 86400) : "-",
      count(run.estimate.failures_expected), plan.rental_usd, owned_usd_of(plan));
  std::string text = print(Listing{{"island", "GPUs", "a GPU", "MW", "MWh", "failures a day",
                                    "in the run", "rent", "own machines"},
                                   rows},
                           format);
  if (run.reliability) {
    text += fmt::format(
        "{}Goodput {:.2f} %: one stop anywhere stops all islands.{}\n",
        format == std::string_view("md") ? "\n" : "", 100 * run.estimate.goodput,
        run.estimate.checkpoint_interval
            ? fmt::format(" A checkpoint every {}.", human(*run.estimate.checkpoint_interval))
            : "");
  }
  return text + "\n";
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
  return fmt::format("The fastest on several islands, {}:\n{}\n{}",
                     to_string(at->scenario.placement->mode), print(Listing{columns, rows}, format),
                     shares_of(*at, format));
}

// What fleets of different machines need and what holds them back.
std::string fleets_of(const PlanAnswer& answer, const char* format) {
  if (!answer.compares_islands) return "";
  std::vector<Row> rows;
  bool owned = false;
  for (const Report& p : answer.plans) {
    const double hours = p.total_gpu_hours / accelerators_of(p.scenario);
    std::string bound;
    for (const CriticalShare& share : p.step.bound_by) {
      bound +=
          fmt::format("{}{} {:.0f} %", bound.empty() ? "" : ", ", share.what, 100 * share.share);
    }
    owned = owned || owned_usd_of(p).has_value();
    rows.push_back(
        {machines_of(p), p.islands.empty() ? p.scenario.setup.job.precision.name : "each its own",
         fmt::format("{:.2f}", p.run.estimate.wall.si() / 86400),
         p.energy ? fmt::format("{:.2f}", p.energy->facility_mwh / hours) : "-",
         usd_or(p.rental_usd, "none known"), usd_or(owned_usd_of(p), "-"), std::move(bound)});
  }
  std::string text =
      "What each fleet takes:\n" +
      print(Listing{{"fleet", "precision", "days", "MW", "rent", "own machines", "bound by"}, rows},
            format);
  text += fmt::format(
      "{}MW: of the facility, mean of the run. Rent: GPU-hours at the rent of each island.{}\n",
      format == std::string_view("md") ? "\n" : "",
      owned ? " Own machines: the same hours as an owner charges them (servers and network over "
              "their life, storage, electricity, space), typical prices of [cost]."
            : " Own machines: no [cost] says when and where machines are bought.");
  return text + "\n";
}

constexpr std::size_t page_width = 100;
constexpr std::string_view keys_are_explained =
    "Keys in capitals are explained in {profiles,planner}/data/sources.toml.\n";

// Lines of a text, each broken where it is too wide for a page.
std::string wrapped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += wrap(text.substr(0, end), page_width, 2) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
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
  return fmt::format(
      "{}\n{}\n\n{}\n{}{}{}{}", scenario.name, scenario.question, print(plans_of(answer), "table"),
      fleets_of(answer, "table") + placement_of(answer, "table"), wrapped(notes_of(answer)),
      wrapped(why_it_lost(answer)), searched(answer.searched) + std::string(keys_are_explained));
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
