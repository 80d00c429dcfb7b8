#include "planner/output/machines_json.hpp"

#include <nlohmann/json.hpp>

#include "planner/output/json_number.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view recompute_names[] = {"none", "selective", "full"};

constexpr JsonNumber<Json> number{};

Json phases_of_step_json(const StepPhases& p) {
  return {{"compute_bound", number(p.compute_bound / p.time())},
          {"memory_bound", number(p.memory_bound / p.time())},
          {"communicating", number(p.communicating / p.time())},
          {"waiting", number(p.waiting / p.time())}};
}

Json energy_json(const std::optional<EnergyReport>& e, const StepPhases& phases,
                 int gpus_per_node) {
  Json json = {{"facility_mwh", e ? number(e->facility_mwh) : Json(nullptr)},
               {"co2_t", e ? number(e->co2_t) : Json(nullptr)},
               {"servers_mwh", e ? number(e->servers.si() / 3.6e9) : Json(nullptr)},
               {"step_j", e && e->step ? number(e->step->si()) : Json(nullptr)}};
  if (e && e->draw) {
    json["accelerator_power_w"] = number(e->draw->gpu.si());
    json["node_power_w"] = number(e->draw->training().si() * gpus_per_node);
    json["share_of_step"] = phases_of_step_json(phases);
  }
  return json;
}

Json network_json(const Cluster& c) {
  const NetworkCounts counts = count_network(c);
  return {{"end_points", counts.end_points},
          {"switches", counts.switches},
          {"switch_links", counts.switch_links},
          {"transceivers", counts.transceivers}};
}

Json cluster_json(const Cluster& c) {
  const Json island = {{"accelerator", c.accelerator.id},
                       {"accelerators", c.gpus},
                       {"nodes", c.nodes()},
                       {"gpus_per_node", c.gpus_per_node},
                       {"nics_per_node", c.nics_per_node},
                       {"nic", c.nic.id},
                       {"topology", c.topology},
                       {"routing", to_string(c.routing)},
                       {"data_centres", c.data_centres.count},
                       {"network", network_json(c)}};
  return {{"accelerators", c.gpus},
          {"nodes", c.nodes()},
          {"accelerator", c.accelerator.id},
          {"islands", Json::array({island})}};
}

Json island_json(const IslandReport& r, const Cluster& c) {
  Json island = cluster_json(c)["islands"][0];
  island["name"] = r.name;
  island["used"] = r.use.used;
  island["idle"] = number(r.idle());
  island["waiting"] = number(r.use.idle);
  island["precision"] = r.precision;
  island["software"] = r.software;
  island["ranks"] = r.use.ranks;
  island["first_rank"] = r.use.first_rank;
  island["layers"] = r.use.stage_layers;
  island["sequences"] = r.use.sequences;
  island["strategy"] = {
      {"tp", r.strategy.tp},
      {"pp", r.strategy.pp},
      {"ep", r.strategy.ep},
      {"dp", r.strategy.dp},
      {"zero_stage", r.strategy.zero_stage},
      {"recompute", recompute_names[static_cast<std::size_t>(r.strategy.recompute)]},
      {"schedule", r.strategy.schedule},
      {"micro_batch", r.strategy.micro_batch}};
  island["failures_per_day"] = number(r.failures_per_day);
  island["failures_expected"] = number(r.failures_expected);
  island["rental_usd"] = number(r.rental_usd);
  island["ownership_usd"] = number(r.owned_usd);
  island["energy"] = energy_json(r.energy, r.use.phases, c.gpus_per_node);
  island["peak_memory_bytes"] = number(r.peak_memory.si());
  island["capacity_bytes"] = number(r.capacity.si());
  return island;
}

// A job on several islands, and what each does in it.
Json mixed_cluster_json(const Report& r) {
  Json islands = Json::array();
  int nodes = 0;
  for (std::size_t i = 0; i < r.islands.size(); ++i) {
    const Cluster& c = r.scenario.placement->parts[i].setup.cluster;
    islands.push_back(island_json(r.islands[i], c));
    nodes += c.nodes();
  }
  Json links = Json::array();
  for (const IslandLink& link : r.scenario.placement->links) {
    const auto name = [&](int part) { return r.islands[static_cast<std::size_t>(part)].name; };
    links.push_back({{"between", {name(link.first), name(link.second)}},
                     {"bandwidth_bytes_per_s", number(link.bandwidth.si())},
                     {"latency_s", number(link.latency.si())}});
  }
  return {{"accelerators", accelerators_of(r.scenario)},
          {"nodes", nodes},
          {"accelerator", "mixed"},
          {"mode", to_string(r.scenario.placement->mode)},
          {"islands", islands},
          {"island_links", links}};
}

}  // namespace

std::string machines_json(const Report& r) {
  const Json json =
      r.islands.empty() ? cluster_json(r.scenario.setup.cluster) : mixed_cluster_json(r);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string energy_json(const Report& r) {
  return energy_json(r.energy, r.step.phases, r.scenario.setup.cluster.gpus_per_node).dump();
}

}  // namespace fleetwright
