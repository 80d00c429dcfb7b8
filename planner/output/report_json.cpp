#include "planner/output/report_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <map>

#include "models/core/format.hpp"
#include "planner/output/cost_formats.hpp"
#include "planner/output/json_number.hpp"
#include "planner/output/machines_json.hpp"
#include "planner/output/run_json.hpp"
#include "planner/output/simulation_json.hpp"

namespace fleetwright {
namespace {

using Json = nlohmann::ordered_json;

constexpr JsonNumber<Json> number{};

std::string_view name_of(Recompute recompute) {
  constexpr std::string_view names[] = {"none", "selective", "full"};
  return names[static_cast<std::size_t>(recompute)];
}

Json model_json(const Report& r) {
  return {{"name", r.scenario.setup.job.model.name},
          {"parameters_total", number(r.model.parameters_total)},
          {"parameters_active", number(r.model.parameters_active)},
          {"training_flop_per_token", number(r.model.training_flop_per_token)},
          {"training_flop_per_token_causal", number(r.model.training_flop_per_token_causal)},
          {"kv_cache_bytes_per_token", number(r.model.kv_cache_bytes_per_token)}};
}

Json strategy_json(const TrainingJob& job, const StepSetup& setup) {
  const ParallelStrategy& s = job.strategy;
  return {{"tp", s.tp},
          {"pp", s.pp},
          {"vpp", s.vpp},
          {"ep", s.ep},
          {"etp", s.etp},
          {"cp", s.cp},
          {"dp", s.dp},
          {"zero_stage", s.zero_stage},
          {"sequence_parallel", s.sequence_parallel},
          {"recompute", name_of(s.recompute)},
          {"schedule", s.schedule},
          {"pipeline_layout", s.stage_layers.empty() ? setup.pipeline_layout : "stage_layers"},
          {"micro_batch", s.micro_batch},
          {"micro_batches", s.micro_batches()},
          {"global_batch", s.global_batch},
          {"sequence_length", job.sequence_length},
          {"precision", job.precision.name},
          {"software", setup.stack.id}};
}

Bytes capacity_at_the_fullest(const Report& r) {
  for (const IslandReport& island : r.islands) {
    if (island.peak_memory == r.step.fullest().peak()) return island.capacity;
  }
  return r.scenario.setup.cluster.accelerator.memory_capacity.value;
}

Bytes capacity_at_rank(const Report& r, int rank) {
  for (const IslandReport& island : r.islands) {
    const int first = island.use.first_rank;
    if (rank >= first && rank < first + island.use.ranks) return island.capacity;
  }
  return r.scenario.setup.cluster.accelerator.memory_capacity.value;
}

Json footprint_json(const MemoryFootprint& m, Bytes capacity) {
  return {{"peak_bytes", number(m.peak().si())},
          {"capacity_bytes", number(capacity.si())},
          {"weights_bytes", number(m.weights.si())},
          {"gradients_bytes", number(m.gradients.si())},
          {"optimizer_bytes", number(m.optimizer.si())},
          {"activations_bytes", number(m.activations.si())},
          {"buffers_bytes", number(m.buffers.si())}};
}

// Of the fullest rank, then of each.
Json memory_json(const Report& r) {
  Json ranks = Json::array();
  for (const MemoryFootprint& m : r.step.memory) {
    const auto rank = static_cast<int>(ranks.size());
    Json entry = {{"rank", rank}};
    entry.update(footprint_json(m, capacity_at_rank(r, rank)));
    ranks.push_back(std::move(entry));
  }
  Json memory = footprint_json(r.step.fullest(), capacity_at_the_fullest(r));
  memory["ranks"] = std::move(ranks);
  return memory;
}

Json parts_json(const StepParts& p) {
  return {{"forward", number(p.forward.si())},
          {"backward", number(p.backward.si())},
          {"weight_gradient", number(p.weight_gradient.si())},
          {"overlapped", number(p.overlapped.si())},
          {"gradient_sync", number(p.gradient_sync.si())},
          {"optimizer", number(p.optimizer.si())},
          {"bubble", number(p.bubble.si())}};
}

Json step_json(const Report& r) {
  const RankTime& t = r.step.critical();
  Json bound_by = Json::array();
  for (const CriticalShare& c : r.step.bound_by) {
    bound_by.push_back({{"what", c.what}, {"share", number(c.share)}});
  }
  return {{"engine", r.step.engine},
          {"time_s", number(r.step.time.si())},
          {"tokens", number(tokens_per_step(r.scenario.setup.job))},
          {"compute_s", number(t.compute.si())},
          {"exposed_communication_s", number(t.exposed_communication.si())},
          {"bubble_s", number(t.bubble.si())},
          {"optimizer_s", number(t.optimizer.si())},
          {"critical_rank", r.step.critical_rank},
          {"critical_rank_parts_s", parts_json(t.parts)},
          {"parts_s", parts_json(r.step.mean_parts())},
          {"tokens_per_second_per_gpu", number(r.rates.tokens_per_second_per_gpu)},
          {"model_tflops_per_gpu", number(r.rates.tflops_per_gpu)},
          {"model_tflops_per_gpu_causal", number(r.rates.tflops_per_gpu_causal)},
          {"hardware_tflops_per_gpu", number(r.rates.hardware_tflops_per_gpu)},
          {"mfu", number(r.rates.mfu)},
          {"mfu_causal", number(r.rates.mfu_causal)},
          {"bound_by", bound_by}};
}

Json provenance_json(const Report& r) {
  Json entries = Json::array();
  for (const ProvenanceEntry& e : r.provenance) {
    entries.push_back({{"quantity", e.quantity},
                       {"kind", to_string(e.provenance.kind)},
                       {"source", e.provenance.source}});
  }
  return entries;
}

// All of them where all GPUs were simulated, else the fullest: those of a stage are alike.
Json links_json(const Report& r) {
  constexpr std::size_t most = 10;
  Json links = Json::array();
  for (const LinkUsage& link : r.step.links) {
    if (!r.simulation && links.size() == most) break;
    links.push_back({{"name", link.name},
                     {"capacity_bytes_per_s", number(link.capacity.si())},
                     {"bytes", number(link.bytes.si())},
                     {"busy_s", number(link.busy.si())},
                     {"mean_load", number(link.mean_load)},
                     {"busy_load", number(link.busy_load)}});
  }
  return links;
}

Json document_without_claims(const Report& r) {
  const Scenario& s = r.scenario;
  Json json{{"schema", "fleetwright.report/1"},
            {"scenario", {{"name", s.name}, {"file", s.file}, {"question", s.question}}},
            {"model", model_json(r)},
            {"cluster", Json::parse(machines_json(r))},
            {"strategy", strategy_json(s.setup.job, s.setup)},
            {"memory", memory_json(r)},
            {"step", step_json(r)},
            {"run", Json::parse(run_json(r))},
            {"cost", Json::parse(cost_ranges_json(r))},
            {"energy", Json::parse(energy_json(r))},
            {"links", links_json(r)},
            {"provenance", provenance_json(r)}};
  if (r.simulation) json.update(Json::parse(simulation_json(r)));
  return json;
}

Json document(const Report& r) {
  Json json = document_without_claims(r);
  Json claims = Json::array();
  for (const ClaimCheck& c : r.claims) {
    claims.push_back({{"quantity", c.claim.quantity},
                      {"published", number(c.claim.value)},
                      {"predicted", number(c.predicted)},
                      {"difference", number(c.difference())},
                      {"source", c.claim.source}});
  }
  json["claims"] = std::move(claims);
  return json;
}

// Text that is not UTF-8 (a file name) must not end the program.
std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

const Json* element(const Json& array, std::string_view key) {
  std::size_t index = 0;
  const auto [end, status] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (status == std::errc{} && end == key.data() + key.size()) {
    return index < array.size() ? &array[index] : nullptr;
  }
  for (const Json& item : array) {
    if (item.is_object() && item.contains("name") && item["name"] == key) return &item;
  }
  return nullptr;
}

std::optional<double> number_at(const Json& document, std::string_view path) {
  const Json* at = &document;
  while (true) {
    const auto dot = path.find('.');
    const std::string key(path.substr(0, dot));
    if (at->is_array()) {
      at = element(*at, key);
      if (at == nullptr) return std::nullopt;
    } else if (at->is_object() && at->contains(key)) {
      at = &(*at)[key];
    } else {
      return std::nullopt;
    }
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  if (!at->is_number()) return std::nullopt;
  return at->get<double>();
}

void flatten(const Json& json, const std::string& path, std::vector<ReportValue>& values) {
  if (json.is_object() || json.is_array()) {
    std::size_t index = 0;
    for (const auto& [key, value] : json.items()) {
      const std::string name = json.is_array() ? fmt::format("{}", index++) : key;
      flatten(value, path.empty() ? name : fmt::format("{}.{}", path, name), values);
    }
  } else if (json.is_number_float()) {
    values.push_back({path, six_digits(json.get<double>())});
  } else if (json.is_string()) {
    values.push_back({path, json.get<std::string>()});
  } else {
    values.push_back({path, json.is_null() ? "" : dump(json)});
  }
}

}  // namespace

std::string report_json(const Report& report) { return dump(document(report)); }

std::string reports_json(const std::vector<Report>& reports) {
  Json array = Json::array();
  for (const Report& r : reports) array.push_back(document(r));
  return dump(array);
}

struct ReportNumbers::Document {
  Json json;
};

ReportNumbers::ReportNumbers(const Report& report)
    : document_(std::make_shared<Document>(Document{document_without_claims(report)})) {}

std::optional<double> ReportNumbers::at(std::string_view path) const {
  double sum = 0;
  while (true) {
    const auto plus = path.find(" + ");
    const auto value = number_at(document_->json, path.substr(0, plus));
    if (!value) return std::nullopt;
    sum += *value;
    if (plus == std::string_view::npos) return sum;
    path.remove_prefix(plus + 3);
  }
}

std::optional<double> report_number(const Report& report, std::string_view path) {
  return ReportNumbers(report).at(path);
}

std::vector<ReportValue> report_values(const Report& report) {
  std::vector<ReportValue> values;
  flatten(document_without_claims(report), "", values);
  return values;
}

}  // namespace fleetwright
