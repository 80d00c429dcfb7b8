#include "planner/comparison.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "models/core/error.hpp"
#include "planner/output/report_json.hpp"

namespace fleetwright {
namespace {

constexpr std::array<std::string_view, 18> compared_paths{"cluster.accelerators",
                                                          "step.time_s",
                                                          "step.compute_s",
                                                          "step.exposed_communication_s",
                                                          "step.bubble_s",
                                                          "step.optimizer_s",
                                                          "step.model_tflops_per_gpu",
                                                          "step.mfu",
                                                          "memory.peak_bytes",
                                                          "run.tokens",
                                                          "run.days",
                                                          "run.gpu_hours",
                                                          "run.goodput",
                                                          "cost.rental_usd.p50",
                                                          "cost.ownership_usd.p50",
                                                          "cost.programme_usd.p50",
                                                          "energy.facility_mwh",
                                                          "energy.co2_t"};

std::vector<ComparedSetting> differing_settings(const std::vector<Report>& reports) {
  std::vector<ComparedSetting> all;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    for (const Setting& setting : reports[i].scenario.settings) {
      auto at = std::ranges::find(all, setting.path, &ComparedSetting::path);
      if (at == all.end()) {
        at = all.insert(at, {setting.path, std::vector<std::string>(reports.size())});
      }
      at->values[i] = setting.value;
    }
  }
  std::erase_if(all, [](const ComparedSetting& s) {
    return std::ranges::all_of(s.values, [&](const auto& v) { return v == s.values.front(); });
  });
  return all;
}

/// GPU-seconds for a million tokens of one step.
struct TokenTime {
  explicit TokenTime(const Report& r) {
    const RankTime& rank = r.step.critical();
    const double scale =
        r.scenario.setup.cluster.gpus / tokens_per_step(r.scenario.setup.job) * 1e6;
    computation = rank.compute.si() * scale;
    communication = rank.exposed_communication.si() * scale;
    bubble = rank.bubble.si() * scale;
    update = rank.optimizer.si() * scale;
  }
  [[nodiscard]] double all() const { return computation + communication + bubble + update; }
  double computation, communication, bubble, update;
};

DurationExplained explain(const Report& first, const Report& other) {
  const auto ratio = [](double a, double b) { return b == 0 ? 1 : a / b; };
  const TokenTime a(first), b(other);
  DurationExplained e;
  e.duration = ratio(other.run.estimate.wall.si(), first.run.estimate.wall.si());
  e.tokens = ratio(other.run.estimate.tokens, first.run.estimate.tokens);
  e.accelerators = ratio(first.scenario.setup.cluster.gpus, other.scenario.setup.cluster.gpus);
  e.gpu_time = ratio(b.all(), a.all());
  e.waiting = ratio(first.run.estimate.goodput, other.run.estimate.goodput);
  e.computation = b.computation - a.computation;
  e.communication = b.communication - a.communication;
  e.bubble = b.bubble - a.bubble;
  e.update = b.update - a.update;
  return e;
}

}  // namespace

Comparison compare_reports(std::vector<Report> reports) {
  ensure(reports.size() >= 2, "a comparison is of two reports at least");
  Comparison c;
  const std::vector<ReportNumbers> numbers(reports.begin(), reports.end());
  for (const std::string_view path : compared_paths) {
    ComparedQuantity quantity{std::string(path), {}};
    for (const ReportNumbers& of : numbers) quantity.values.push_back(of.at(path));
    const bool any =
        std::ranges::any_of(quantity.values, [](const auto& v) { return v.has_value(); });
    if (any) c.quantities.push_back(std::move(quantity));
  }
  c.settings = differing_settings(reports);
  for (std::size_t i = 1; i < reports.size(); ++i) {
    c.explained.push_back(explain(reports.front(), reports[i]));
  }
  c.reports = std::move(reports);
  return c;
}

}  // namespace fleetwright
