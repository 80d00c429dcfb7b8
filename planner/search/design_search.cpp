#include "planner/search/design_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "models/core/data_files.hpp"
#include "models/core/error.hpp"
#include "planner/search/promising.hpp"
#include "profiles/hardware_data.hpp"
#include "sim/estimator.hpp"

namespace fleetwright {
namespace {

constexpr double just_under = 0.999;  // of a limit
constexpr double giga = 1e9;

class DesignSearch {
 public:
  DesignSearch(const Scenario& scenario, const RunControl& control)
      : scenario_(scenario),
        control_(control),
        rules_(read_export_rules(data_file("planner/data/export_rules.toml"))),
        part_(part_of(scenario)) {}

  DesignAnswer run() {
    DesignAnswer answer{
        scenario_.procurement->date, scenario_.procurement->destination, judged({}), {}, {}};
    time(answer.whole);
    for (const double compute : shares_of_compute()) {
      for (const double memory : shares_of(ExportQuantity::memory, part_.memory_bandwidth.si())) {
        for (const double scale_up : shares_of_scale_up()) {
          Design design = judged({compute, memory, scale_up, {}, 0, {}});
          if (design.verdict.effect <= ExportEffect::duty) answer.allowed.push_back(design);
        }
      }
    }
    keep_best(answer.allowed);
    if (answer.allowed.empty()) {
      throw Infeasible(fmt::format("no held-back {} would be free: {} covers it at any speed",
                                   part_.id, answer.whole.verdict.clause));
    }
    for (Design& design : answer.allowed) time(design);
    std::ranges::stable_sort(answer.allowed, {}, &Design::days);
    const Design& best = answer.allowed.front();
    for (const auto share : {&Design::compute, &Design::memory, &Design::scale_up}) {
      if (best.*share >= 1) continue;
      Design one;
      one.*share = best.*share;
      answer.alone.push_back(judged(one));
      time(answer.alone.back());
    }
    return answer;
  }

 private:
  static ExportPart part_of(const Scenario& scenario) {
    if (!scenario.procurement) {
      throw Infeasible("a design is made for rules: add [procurement] with destination and date");
    }
    const auto parts =
        read_export_parts(data_file("planner/data/export_parts.csv"), hardware_data().accelerators);
    const std::string& id = scenario.setup.cluster.accelerator.id;
    const auto at = std::ranges::find(parts, id, &ExportPart::id);
    if (at == parts.end()) {
      throw Infeasible(fmt::format("the table of export rules has no part '{}'", id));
    }
    return *at;
  }

  /// Limits on a quantity in any clause that governs sales there on that day.
  [[nodiscard]] std::set<double> limits_on(ExportQuantity quantity) const {
    std::set<double> limits;
    const ProcurementSettings& to = *scenario_.procurement;
    for (const ExportRule& rule : rules_.rules) {
      if (!rule.governs(to.date, rules_.names(part_.id))) continue;
      if (std::ranges::find(rule.destinations, to.destination) == rule.destinations.end()) continue;
      for (const ExportClause& clause : rule.clauses) {
        for (const ExportLimit& limit : clause.limits) {
          if (limit.quantity == quantity) limits.insert(limit.value);
        }
      }
    }
    return limits;
  }

  // The whole, and just under each limit.
  [[nodiscard]] std::set<double> shares_of(ExportQuantity quantity, double whole) const {
    const bool rate = quantity == ExportQuantity::memory || quantity == ExportQuantity::io;
    std::set<double> shares{1.0};
    for (const double limit : limits_on(quantity)) {
      const double share = limit * (rate ? giga : 1) * just_under / whole;
      if (share < 1) shares.insert(share);
    }
    return shares;
  }

  [[nodiscard]] std::set<double> shares_of_compute() const {
    std::set<double> shares = shares_of(ExportQuantity::tpp, part_.tpp);
    if (const auto density = part_.density()) {
      shares.merge(shares_of(ExportQuantity::density, *density));
    }
    return shares;
  }

  [[nodiscard]] double scale_up_io() const {
    return 2 * scenario_.setup.cluster.scale_up.bandwidth.value.si();
  }

  // PCIe stays: only what is left of the limit is the link's.
  [[nodiscard]] std::set<double> shares_of_scale_up() const {
    std::set<double> shares{1.0};
    const double other = part_.io.si() - scale_up_io();
    std::set<double> limits = limits_on(ExportQuantity::io);
    for (const double both : limits_on(ExportQuantity::memory_plus_io)) {
      limits.insert(both - part_.memory_bandwidth.si() / giga);
    }
    for (const double limit : limits) {
      const double share = (limit * giga * just_under - other) / scale_up_io();
      if (share > 0 && share < 1) shares.insert(share);
    }
    return shares;
  }

  [[nodiscard]] Design judged(Design design) const {
    ExportPart part = part_;
    part.tpp *= design.compute;
    part.memory_bandwidth *= design.memory;
    part.io -= BytesPerSecond{scale_up_io() * (1 - design.scale_up)};
    design.verdict = export_verdict(part, rules_, scenario_.procurement->date,
                                    scenario_.procurement->destination);
    return design;
  }

  // Without those that another equals or beats in everything.
  static void keep_best(std::vector<Design>& designs) {
    const auto beats = [](const Design& a, const Design& b) {
      return a.compute >= b.compute && a.memory >= b.memory && a.scale_up >= b.scale_up &&
             (a.compute > b.compute || a.memory > b.memory || a.scale_up > b.scale_up);
    };
    const std::vector<Design> all = designs;
    std::erase_if(designs, [&](const Design& design) {
      return std::ranges::any_of(all, [&](const Design& other) { return beats(other, design); });
    });
  }

  // A part of another name has no measurements of its own: they are those of its architecture,
  // scaled by what it can do.
  void time(Design& design) {
    StepSetup setup = scenario_.setup;
    Accelerator& a = setup.cluster.accelerator;
    const bool whole = design.compute >= 1 && design.memory >= 1 && design.scale_up >= 1;
    if (!whole) a.id += " held back";
    for (auto* rates : {&a.peak, &a.matmul, &a.sustained}) {
      for (auto& [precision, rate] : *rates) rate.value *= design.compute;
    }
    a.memory_bandwidth.value *= design.memory;
    if (a.copy_bandwidth) a.copy_bandwidth->value *= design.memory;
    Link& link = setup.cluster.scale_up;
    link.bandwidth.value *= design.scale_up;
    link.achievable_bandwidth.value *= design.scale_up;
    Searched searched;
    Candidate leanest;
    std::vector<Candidate> found = promising(setup, searched, leanest);
    refine(found, control_);
    design.days = HUGE_VAL;
    if (found.empty()) return;
    const StepEstimate step = estimate_step(found.front().setup, AnalyticEstimator());
    design.days = scenario_.tokens / tokens_per_step(setup.job) * step.time.si() / 86400;
    if (!step.bound_by.empty()) {
      design.bound_by = fmt::format("{} ({:.0f} %)", step.bound_by.front().what,
                                    100 * step.bound_by.front().share);
    }
  }

  const Scenario& scenario_;
  const RunControl& control_;
  ExportRules rules_;
  ExportPart part_;
};

}  // namespace

DesignAnswer search_designs(const Scenario& scenario, const RunControl& control) {
  return DesignSearch(scenario, control).run();
}

}  // namespace fleetwright
