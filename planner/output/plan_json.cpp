#include <nlohmann/json.hpp>

#include "planner/output/plan_formats.hpp"
#include "planner/output/report_json.hpp"

namespace fleetwright {

using Json = nlohmann::ordered_json;

namespace {

Json procurement_json(const std::vector<Procurement>& procurement) {
  Json all = Json::array();
  for (const Procurement& p : procurement) {
    Json margins = Json::array();
    for (const ExportMargin& m : p.verdict.margins) {
      margins.push_back({{"quantity", to_string(m.quantity)},
                         {"value", m.value},
                         {"limit", m.limit},
                         {"distance", m.distance()},
                         {"beyond", to_string(m.beyond)},
                         {"clause", m.clause}});
    }
    all.push_back({{"island", p.island},
                   {"accelerator", p.accelerator},
                   {"date", to_string(p.date)},
                   {"bought_earlier", p.earlier},
                   {"availability", to_string(p.availability)},
                   {"clause", p.verdict.clause},
                   {"sources", p.verdict.sources},
                   {"grey_price", p.grey_price},
                   {"margins", margins},
                   {"uncertainties", p.verdict.uncertainties}});
  }
  return all;
}

Json tornado_json(const std::vector<PlanSwing>& tornado) {
  Json all = Json::array();
  for (const PlanSwing& swing : tornado) {
    const auto end = [](const PlanSwing::End& e) {
      return Json{{"factor", e.factor.value},
                  {"days", e.days},
                  {"best", e.best},
                  {"days_of_best", e.days_of_fastest},
                  {"source", e.factor.provenance.source}};
    };
    all.push_back({{"what", swing.what}, {"low", end(swing.low)}, {"high", end(swing.high)}});
  }
  return all;
}

// What the runner-up's step spends more of than the best's.
Json runner_up_json(const PlanAnswer& answer) {
  const auto at = runner_up(answer);
  if (!at) return nullptr;
  const StepEstimate &best = answer.plans[answer.best].step, &other = answer.plans[*at].step;
  const RankTime &a = best.critical(), &b = other.critical();
  return {
      {"plan", *at},
      {"step_time_more_s", (other.time - best.time).si()},
      {"compute_more_s", (b.compute - a.compute).si()},
      {"exposed_communication_more_s", (b.exposed_communication - a.exposed_communication).si()},
      {"bubble_more_s", (b.bubble - a.bubble).si()},
      {"optimizer_more_s", (b.optimizer - a.optimizer).si()}};
}

}  // namespace

std::string plan_json(const PlanAnswer& answer) { return plan_json(answer, {}); }

std::string plan_json(const PlanAnswer& answer, const std::vector<PlanSwing>& tornado) {
  Json plans = Json::array();
  for (const Report& plan : answer.plans) plans.push_back(Json::parse(report_json(plan)));
  const Searched& s = answer.searched;
  Json left_out = Json::array();
  for (const auto& [why, count] : s.left_out)
    left_out.push_back({{"reason", why}, {"count", count}});
  const Json document{
      {"schema", "fleetwright.plan/1"},
      {"best", plans[answer.best]},
      {"plans", plans},
      {"pareto", answer.pareto},
      {"runner_up", runner_up_json(answer)},
      {"notes", answer.notes},
      {"procurement", procurement_json(answer.procurement)},
      {"tornado", tornado_json(tornado)},
      {"searched",
       {{"evaluated", s.evaluated},
        {"feasible", s.feasible},
        {"refined", s.refined},
        {"seconds", s.seconds},
        {"evaluated_per_second",
         s.evaluation_seconds > 0 ? static_cast<double>(s.evaluated) / s.evaluation_seconds : 0.0},
        {"left_out", left_out}}}};
  return document.dump(2);
}

}  // namespace fleetwright
