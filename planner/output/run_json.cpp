#include "planner/output/run_json.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <utility>

#include "planner/output/json_number.hpp"

namespace fleetwright {
namespace {

using Json = nlohmann::ordered_json;

constexpr double seconds_per_day = 86400.0;

constexpr JsonNumber<Json> number{};

Json seconds(const std::optional<Seconds>& value) {
  return value ? number(value->si()) : Json(nullptr);
}

Json range(const Percentiles& p, double unit) {
  return {
      {"p10", number(p.p10 / unit)}, {"p50", number(p.p50 / unit)}, {"p90", number(p.p90 / unit)}};
}

// Of a job on several islands, each cause with the island whose parts it strikes.
Json stops_json(const Reliability& r, const std::vector<IslandReport>& islands) {
  using Cause = std::pair<std::string, int>;
  std::map<Cause, double> rates;  // parts of one name are one cause
  std::vector<Cause> order;
  for (const StopCause& stop : r.stops) {
    const Cause cause{stop.name, stop.island};
    if (!rates.contains(cause)) order.push_back(cause);
    rates[cause] += stop.rate.si() * seconds_per_day;
  }
  Json causes = Json::array();
  for (const Cause& cause : order) {
    Json json{{"name", cause.first}, {"per_day", number(rates[cause])}};
    if (!islands.empty()) {
      json["island"] = cause.second < 0
                           ? Json(nullptr)
                           : Json(islands[static_cast<std::size_t>(cause.second)].name);
    }
    causes.push_back(std::move(json));
  }
  return causes;
}

Json time_json(const RunTime& t) {
  return {{"slow_steps", number(t.slow.si())},
          {"checkpoints", number(t.checkpoints.si())},
          {"work_redone", number(t.redone.si())},
          {"restarts", number(t.restarts.si())},
          {"waiting_for_nodes", number(t.waiting.si())}};
}

// How the run may go, over simulated runs.
Json simulated_json(const RunDistribution& d) {
  return {{"runs", d.runs},
          {"unfinished", d.unfinished},
          {"days", range(d.wall_s, seconds_per_day)},
          {"goodput", range(d.goodput, 1)},
          {"failures", range(d.failures, 1)},
          {"interruptions", range(d.interruptions, 1)},
          {"mean_time_lost_s", time_json(d.mean_time)}};
}

Json checkpoint_json(const RunReport& r) {
  if (!r.reliability) return nullptr;
  const CheckpointCost& c = r.reliability->checkpoint;
  return {{"size_bytes", r.checkpoint ? number(r.checkpoint->total.si()) : Json(nullptr)},
          {"write_s", number(c.write.si())},
          {"upload_s", number(c.upload.si())},
          {"step_factor_beside_upload", number(c.upload_drag)}};
}

Json phases_json(const Report& r) {
  Json phases = Json::array();
  for (const PhaseEstimate& p : r.phases) {
    phases.push_back(
        {{"name", p.name},
         {"tokens", p.tokens > 0 ? number(p.tokens) : Json(nullptr)},
         {"sequence_length", p.sequence_length > 0 ? Json(p.sequence_length) : Json(nullptr)},
         {"gpu_hours", number(p.gpu_hours)},
         {"kind", to_string(p.provenance.kind)},
         {"source", p.provenance.source}});
  }
  return phases;
}

Json run_document(const Report& r) {
  const RunEstimate& run = r.run.estimate;
  return {{"tokens", number(run.tokens)},
          {"steps", number(run.steps)},
          {"days", number(run.wall.si() / seconds_per_day)},
          {"gpu_hours", number(r.phases.front().gpu_hours)},
          {"gpu_hours_per_trillion_tokens", number(r.gpu_hours_per_trillion_tokens)},
          {"tokens_per_day", number(r.rates.tokens_per_day)},
          {"goodput", number(run.goodput)},
          {"ettr", number(run.ettr)},
          {"failures_expected", number(run.failures_expected)},
          {"planned_stops_expected", number(run.planned_expected)},
          {"time_between_failures_s", seconds(run.time_between_failures)},
          {"checkpoint_interval_s", seconds(run.checkpoint_interval)},
          {"checkpoint", checkpoint_json(r.run)},
          {"stops", r.run.reliability ? stops_json(*r.run.reliability, r.islands) : Json(nullptr)},
          {"simulated", r.run.simulated ? simulated_json(*r.run.simulated) : Json(nullptr)},
          {"phases", phases_json(r)},
          {"total_gpu_hours", number(r.total_gpu_hours)}};
}

}  // namespace

std::string run_json(const Report& report) { return run_document(report).dump(); }

}  // namespace fleetwright
