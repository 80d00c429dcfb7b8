// The table of a scenario that says how GPUs, links and steps differ from one another.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "models/core/csv_table.hpp"
#include "models/core/suggest.hpp"
#include "planner/scenario_reader.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

// Deviations beyond the mean itself make no machine; factors beyond are broken parts, not slow
// ones.
constexpr Range<double> deviations{0.0, 1.0};
constexpr Range<double> exponents{0.0, 10.0};
constexpr Range<double> factors{1.0, 1000.0};

}  // namespace

void ScenarioReader::read_variation() {
  if (!root_.has("variation")) return static_cast<void>(root_.table().table("variation"));
  SettingReader in(root_, "variation");
  Variation v;
  v.seed = static_cast<std::uint64_t>(scenario_.seed);
  v.kernel_jitter = in.number_or("kernel_jitter", deviations, 0.0, "kernels take the same time");
  v.clock_spread = in.number_or("clock_spread", deviations, 0.0, "GPUs are equally fast");
  read_expert_skew(in, v.experts);
  read_slow_parts(in, v);
  scenario_.variation_from = {ProvenanceKind::published, source(in)};
  in.table().refuse_unknown_keys();
  scenario_.variation = std::move(v);
}

void ScenarioReader::read_expert_skew(SettingReader& in, ExpertSkew& skew) {
  const auto deviation = in.number("expert_deviation", deviations);
  const auto exponent = in.number("expert_zipf", exponents);
  const auto file = in.text("expert_tokens");
  std::vector<std::string_view> given;
  for (const std::string_view key : {"expert_deviation", "expert_zipf", "expert_tokens"}) {
    if (in.has(key)) given.push_back(key);
  }
  if (given.size() > 1) {
    in.table().error(given[1], fmt::format("{} and {} exclude each other", given[0], given[1]),
                     "remove one of them");
    return;
  }
  if (!given.empty() && !scenario_.setup.job.model.moe && !scenario_.setup.job.model.name.empty()) {
    in.table().error(given[0], "the model has no experts", "remove it");
    return;
  }
  if (deviation) {
    skew.kind = ExpertSkew::Kind::normal;
    skew.deviation = *deviation;
  } else if (exponent) {
    skew.kind = ExpertSkew::Kind::zipf;
    skew.exponent = *exponent;
  } else if (file) {
    read_expert_tokens(in, *file, skew);
  }
}

// One row a layer and expert, in any order.
void ScenarioReader::read_expert_tokens(SettingReader& in, const std::string& name,
                                        ExpertSkew& skew) {
  const std::filesystem::path file = std::filesystem::path(file_).parent_path() / name;
  if (!std::filesystem::exists(file)) {
    in.table().error("expert_tokens", fmt::format("there is no file '{}'", file.string()),
                     "a CSV file with the columns layer, expert and tokens");
    return;
  }
  const std::size_t said_before = diagnostics_.all().size();
  const int experts = scenario_.setup.job.model.moe ? scenario_.setup.job.model.moe->experts : 0;
  if (experts == 0) return;  // diagnosed with the model
  try {
    const CsvTable table = CsvTable::read(file);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const double layer = table.required_number(row, "layer");
      const double expert = table.required_number(row, "expert");
      const double tokens = table.required_number(row, "tokens");
      const auto refuse = [&](std::string_view column, const std::string& why) {
        diagnostics_.add(table.where(row, column), why, "");
      };
      if (layer < 0 || layer != std::floor(layer) || layer >= 100'000) {
        refuse("layer", fmt::format("{:g} is no layer", layer));
      } else if (expert < 0 || expert != std::floor(expert) || expert >= experts) {
        refuse("expert", fmt::format("{:g} is none of the {} experts", expert, experts));
      } else if (tokens < 0) {
        refuse("tokens", fmt::format("{:g} tokens", tokens));
      } else {
        const auto at = static_cast<std::size_t>(layer);
        if (skew.tokens.size() <= at) skew.tokens.resize(at + 1);
        skew.tokens[at].resize(static_cast<std::size_t>(experts), 0.0);
        skew.tokens[at][static_cast<std::size_t>(expert)] += tokens;
      }
    }
  } catch (const ScenarioError& e) {
    for (const Diagnostic& d : e.diagnostics()) diagnostics_.add(d.where, d.message, d.suggestion);
    return;
  }
  // Layers that were not counted, as dense ones, do not ask.
  const std::vector<double> even(static_cast<std::size_t>(experts), 1.0);
  for (std::vector<double>& layer : skew.tokens) {
    if (std::ranges::all_of(layer, [](double tokens) { return tokens == 0; })) layer = even;
  }
  if (skew.tokens.empty() && diagnostics_.all().size() == said_before) {
    in.table().error("expert_tokens", fmt::format("'{}' counts no tokens", name));
    return;
  }
  if (!skew.tokens.empty()) skew.kind = ExpertSkew::Kind::counts;
}

void ScenarioReader::read_slow_parts(SettingReader& in, Variation& v) {
  const int nodes = scenario_.setup.cluster.gpus_per_node > 0 ? scenario_.setup.cluster.nodes() : 0;
  for (TomlTable& table : in.table().tables("slow_node")) {
    SettingReader slow(table, diagnostics_, settings_);
    const auto node = slow.integer("node", {0, std::max(0, nodes - 1)});
    const auto factor = slow.number("factor", factors);
    slow.table().require("node", "3");
    slow.table().require("factor", "1.2");
    slow.table().refuse_unknown_keys();
    v.slow_nodes.push_back({static_cast<int>(node.value_or(0)), factor.value_or(1)});
  }
  for (TomlTable& table : in.table().tables("slow_link")) {
    SettingReader slow(table, diagnostics_, settings_);
    const auto link = slow.text("link");
    const auto factor = slow.number("factor", factors);
    slow.table().require("link", "\"nic12.out\"");
    slow.table().require("factor", "2");
    slow.table().refuse_unknown_keys();
    v.slow_links.push_back({link.value_or(""), factor.value_or(1)});
    slow_links_.emplace_back(slow.table().where("link"), link.value_or(""));
  }
}

// Links are known when the cluster is: ports and NICs, then those of the network.
void ScenarioReader::check_slow_links() {
  if (slow_links_.empty()) return;
  const Fabric fabric = build_fabric(scenario_.setup.cluster);
  std::vector<std::string> names;
  for (const FabricLink& link : fabric.links()) names.push_back(link.name);
  for (const auto& [where, name] : slow_links_) {
    if (std::ranges::find(names, name) != names.end()) continue;
    diagnostics_.add(where, fmt::format("the cluster has no link '{}'", name),
                     did_you_mean(name, names));
  }
}

}  // namespace fleetwright
