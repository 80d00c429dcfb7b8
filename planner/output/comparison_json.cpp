#include <nlohmann/json.hpp>

#include "planner/output/comparison_formats.hpp"
#include "planner/output/report_json.hpp"

namespace fleetwright {

std::string comparison_json(const Comparison& c) {
  using Json = nlohmann::ordered_json;
  Json reports = Json::array(), quantities = Json::array(), settings = Json::array(),
       explained = Json::array();
  for (const Report& report : c.reports) reports.push_back(Json::parse(report_json(report)));
  for (const ComparedQuantity& q : c.quantities) {
    Json values = Json::array();
    for (const auto& value : q.values) values.push_back(value ? Json(*value) : Json());
    quantities.push_back({{"quantity", q.path}, {"values", values}});
  }
  for (const ComparedSetting& s : c.settings) {
    settings.push_back({{"setting", s.path}, {"values", s.values}});
  }
  for (std::size_t i = 0; i < c.explained.size(); ++i) {
    const DurationExplained& e = c.explained[i];
    explained.push_back({{"scenario", c.reports[i + 1].scenario.name},
                         {"duration_ratio", e.duration},
                         {"tokens_factor", e.tokens},
                         {"accelerators_factor", e.accelerators},
                         {"gpu_time_factor", e.gpu_time},
                         {"waiting_factor", e.waiting},
                         {"gpu_s_per_million_tokens",
                          {{"computation", e.computation},
                           {"exposed_communication", e.communication},
                           {"bubble", e.bubble},
                           {"update", e.update}}}});
  }
  return Json{{"schema", "fleetwright.comparison/1"},
              {"reports", reports},
              {"quantities", quantities},
              {"settings", settings},
              {"explained", explained}}
      .dump(2);
}

}  // namespace fleetwright
