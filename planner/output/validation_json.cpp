#include <nlohmann/json.hpp>

#include "planner/output/validation_formats.hpp"

namespace fleetwright {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const ErrorSummary& s) {
  return {{"count", s.count},
          {"not_simulated", s.not_simulated},
          {"mean_abs_error", s.mean_abs},
          {"median_abs_error", s.median_abs},
          {"p90_abs_error", s.p90_abs},
          {"max_abs_error", s.max_abs},
          {"mean_error", s.mean}};
}

Json json_of(const std::vector<SummaryGroup>& groups) {
  Json object = Json::object();
  for (const SummaryGroup& g : groups)
    object[g.name.empty() ? "not named" : g.name] = json_of(g.errors);
  return object;
}

Json json_of(const MemoryVerdicts& v) {
  return {{"ran_and_fits", v.ran_and_fits},
          {"ran_and_does_not_fit", v.ran_and_does_not_fit},
          {"failed_and_fits", v.failed_and_fits},
          {"failed_and_does_not_fit", v.failed_and_does_not_fit}};
}

template <typename T>
Json optional_si(const std::optional<T>& value) {
  return value ? Json(value->si()) : Json(nullptr);
}

Json optional_number(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json json_of(const CaseResult& r) {
  const ValidationCase& c = r.measured;
  Json object{{"id", c.id},
              {"family", c.family},
              {"source", c.source},
              {"core", c.core},
              {"gpu", c.gpu},
              {"gpus", c.gpus},
              {"framework", c.framework},
              {"software", r.software},
              {"precision", c.precision},
              {"measured_step_time_s", optional_si(c.measured_time)},
              {"predicted_step_time_s", optional_si(r.time)},
              {"error", optional_number(r.error())},
              {"measured_peak_memory_bytes", optional_si(c.measured_memory)},
              {"predicted_peak_memory_bytes", optional_si(r.memory)},
              {"memory_error", optional_number(r.memory_error())}};
  object["fits"] = r.memory ? Json(r.fits()) : Json(nullptr);
  object["assumed"] = r.assumed;
  object["not_simulated"] = r.time ? Json(nullptr) : Json(r.reason);
  return object;
}

}  // namespace

std::string validation_json(const std::vector<CaseResult>& results,
                            const ValidationSummary& summary, std::string_view engine) {
  Json reasons = Json::array();
  for (const auto& [reason, count] : summary.not_simulated) {
    reasons.push_back({{"reason", reason}, {"cases", count}});
  }
  Json cases = Json::array();
  for (const CaseResult& r : results) cases.push_back(json_of(r));
  const Json document{{"schema", "fleetwright.validation/1"},
                      {"engine", engine},
                      {"summary",
                       {{"all", json_of(summary.all)},
                        {"core", json_of(summary.core)},
                        {"families", json_of(summary.families)},
                        {"by_gpu", json_of(summary.by_gpu)},
                        {"by_framework", json_of(summary.by_framework)},
                        {"by_precision", json_of(summary.by_precision)},
                        {"by_kind", json_of(summary.by_kind)},
                        {"by_source", json_of(summary.by_source)},
                        {"peak_memory", json_of(summary.memory)},
                        {"memory_verdicts", json_of(summary.verdicts)}}},
                      {"not_simulated", reasons},
                      {"cases", cases}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fleetwright
