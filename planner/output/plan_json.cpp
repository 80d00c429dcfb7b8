#include <nlohmann/json.hpp>

#include "planner/output/plan_formats.hpp"
#include "planner/output/report_json.hpp"

namespace fleetwright {

std::string plan_json(const PlanAnswer& answer) {
  using Json = nlohmann::ordered_json;
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
      {"notes", answer.notes},
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
