// The head of a scenario and the tables that say what is trained and on which machines.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "models/core/data_files.hpp"
#include "models/core/error.hpp"
#include "models/core/suggest.hpp"
#include "planner/scenario_reader.hpp"

namespace fleetwright {
namespace {

constexpr std::string_view scenario_schema = "fleetwright.scenario/1";

// Twice the largest cluster that anyone has announced; each accelerator takes some 400 bytes.
constexpr Range<std::int64_t> cluster_sizes{1, 2'000'000};
constexpr Range<std::int64_t> node_sizes{1, 4096};

bool is_path(const std::string& config) {
  return config.find('/') != std::string::npos || config.ends_with(".json");
}

}  // namespace

void ScenarioReader::read_head() {
  if (const auto schema = root_.table().text("schema"); schema && *schema != scenario_schema) {
    root_.table().error("schema", fmt::format("unknown schema '{}'", *schema),
                        fmt::format("this program reads \"{}\"", scenario_schema));
  }
  scenario_.name =
      root_.text_or("name", std::filesystem::path(file_).stem().string(), "the file's name");
  scenario_.question = root_.text_or("question", "", "none asked");
  scenario_.seed =
      root_.integer_or("seed", {0, std::numeric_limits<int>::max()}, 1, "any would do");
  scenario_.engine = root_.choice_or("engine", {"simgrid", "analytic"}, "simgrid", "the simulator");
}

void ScenarioReader::read_model() {
  SettingReader in(root_, "model");
  const auto config = in.text("config");
  in.describe("config", allowed::known_names(catalogue_.models, "folder/config.json"));
  in.table().require("config", "\"deepseek-v3\"");
  if (config) read_model_config(*config);
  ModelConfig& model = scenario_.setup.job.model;
  // More than a few prediction modules were never trained; 16 leaves room for the curious.
  model.mtp_layers = in.integer_or("mtp_layers", {0, 16}, model.mtp_layers, "model.config");
  in.table().refuse_unknown_keys();
}

void ScenarioReader::read_model_config(const std::string& config) {
  const std::filesystem::path path = is_path(config)
                                         ? std::filesystem::path(file_).parent_path() / config
                                         : std::filesystem::path("models/zoo") / (config + ".json");
  if (!is_path(config) && std::ranges::find(catalogue_.models, config) == catalogue_.models.end()) {
    diagnostics_.add(where("model.config"), fmt::format("unknown model '{}'", config),
                     did_you_mean(config, catalogue_.models));
    return;
  }
  try {
    scenario_.setup.job.model =
        fleetwright::read_model_config(is_path(config) ? path : data_file(path));
  } catch (const ScenarioError& e) {
    for (const Diagnostic& d : e.diagnostics()) diagnostics_.add(d.where, d.message, d.suggestion);
  } catch (const Error& e) {
    diagnostics_.add(
        where("model.config"), e.what(),
        "a path starts at the folder of the scenario; a bare name is looked for in the zoo");
  }
}

void ScenarioReader::read_cluster() {
  SettingReader in(root_, "cluster");
  read_machines(in, scenario_.setup.cluster);
  scenario_.cluster_name = scenario_.setup.cluster.accelerator.id;
  read_islands(in);
  in.table().refuse_unknown_keys();
}

void ScenarioReader::read_machines(SettingReader& in, Cluster& cluster) {
  TomlTable& table = in.table();
  if (const auto id = in.text("accelerator")) {
    in.describe("accelerator", allowed::one_of(fleetwright::names_of(catalogue_.accelerators)));
    if (const auto it = catalogue_.accelerators.find(*id); it != catalogue_.accelerators.end()) {
      cluster.accelerator = it->second;
    } else {
      table.error("accelerator", fmt::format("unknown accelerator '{}'", *id),
                  did_you_mean(*id, fleetwright::names_of(catalogue_.accelerators)));
    }
  }
  table.require("accelerator", "\"H800-SXM\"");
  cluster.gpus = static_cast<int>(in.integer("accelerators", cluster_sizes).value_or(0));
  table.require("accelerators", "2048");
  read_node(in, cluster);
  read_nic(in, cluster);
  read_network(in, cluster);
}

void ScenarioReader::read_node(SettingReader& in, Cluster& cluster) {
  const Accelerator& a = cluster.accelerator;
  const int domain = std::max(1, static_cast<int>(a.scale_up_domain.value));
  // Fewer accelerators than a full node are one smaller node.
  const int gpus = cluster.gpus > 0 ? std::min(domain, cluster.gpus) : domain;
  const std::string reference = fmt::format("reference design of {}", a.id);
  cluster.gpus_per_node = in.integer_or("gpus_per_node", node_sizes, gpus, reference);
  const double nics_per_gpu = (a.nics_per_node ? a.nics_per_node->value : domain) / domain;
  const int nics = std::max(1, static_cast<int>(std::lround(nics_per_gpu * cluster.gpus_per_node)));
  cluster.nics_per_node = in.integer_or("nics_per_node", node_sizes, nics, reference);
}

void ScenarioReader::read_nic(SettingReader& in, Cluster& cluster) {
  const Accelerator& a = cluster.accelerator;
  std::vector<std::string> nics;
  for (const auto& [id, link] : catalogue_.links) {
    if (!link.scale_up) nics.push_back(id);
  }
  if (a.nic.empty()) {
    if (!a.id.empty()) in.table().require("nic", "\"ib-ndr-400\"");
    static_cast<void>(in.table().choice("nic", nics));
  }
  const std::string nic =
      in.choice_or("nic", nics, a.nic, fmt::format("reference design of {}", a.id));
  if (const auto it = catalogue_.links.find(nic); it != catalogue_.links.end()) {
    cluster.nic = it->second;
  }
  if (const auto it = catalogue_.links.find(a.scale_up_link); it != catalogue_.links.end()) {
    cluster.scale_up = it->second;
  } else if (!a.id.empty()) {
    throw Error(
        fmt::format("the data files name no link '{}', which {} has", a.scale_up_link, a.id));
  }
}

}  // namespace fleetwright
