// [[cluster.island]], [[cluster.link]] and [procurement]: machines of other kinds that a job may
// use, what joins them, and where and when they are bought.

#include <fmt/format.h>

#include <algorithm>

#include "models/core/suggest.hpp"
#include "planner/export_rules.hpp"
#include "planner/scenario_reader.hpp"

namespace fleetwright {

void ScenarioReader::read_islands(SettingReader& in) {
  for (TomlTable& table : in.table().tables("island")) {
    SettingReader island(table, diagnostics_, settings_);
    ScenarioIsland& read = scenario_.islands.emplace_back();
    IslandWords& words = island_words_.emplace_back();
    words.where = island.table().where();
    if (const auto name = island.text("name")) read.name = *name;
    island.table().require("name", "\"a100\"");
    const std::size_t before = diagnostics_.all().size();
    read_machines(island, read.cluster);
    words.sound = diagnostics_.all().size() == before;
    const auto known = [&](std::string_view key, const std::vector<std::string>& names) {
      return island.choice(key, names).value_or("");
    };
    words.precision = known("precision", fleetwright::names_of(catalogue_.precisions));
    words.software = known("software", fleetwright::names_of(catalogue_.software));
    read.bought = read_date(island, "bought");
    read.train_in_days = island.number("train_in_days", {1e-3, 1e5});
    if (const auto rent = island.quantity<UsdPerSecond>("rent")) {
      read.rent = {*rent, {ProvenanceKind::published, source(island)}};
    }
    if (auto table_of_failures = island.table().table("reliability")) {
      SettingReader failures(*table_of_failures, diagnostics_, settings_);
      read_failures(failures, read.failures.emplace());
      failures.table().refuse_unknown_keys();
    }
    island.table().refuse_unknown_keys();
  }
  scenario_.bought = read_date(in, "bought");
  if (!scenario_.islands.empty() || in.has("name")) {
    scenario_.cluster_name =
        in.text_or("name", scenario_.setup.cluster.accelerator.id, "the accelerator");
  }
  read_island_links(in);
}

void ScenarioReader::read_island_links(SettingReader& in) {
  std::vector<std::string> names{scenario_.cluster_name};
  for (const ScenarioIsland& island : scenario_.islands) {
    if (std::ranges::find(names, island.name) != names.end()) {
      in.table().error("island", fmt::format("two islands are called '{}'", island.name),
                       "give each a name of its own; that of [cluster] is its key name");
    }
    names.push_back(island.name);
  }
  for (TomlTable& table : in.table().tables("link")) {
    SettingReader link(table, diagnostics_, settings_);
    const std::vector<std::string> ends = read_words(link, "between");
    link.table().require("between", "[\"h800\", \"a100\"]");
    IslandLink read{-1, -1, BytesPerSecond{1}, Seconds{0}};
    if (link.has("between") && ends.size() != 2) {
      link.table().error("between", "a link is between two islands", "write two names");
    }
    for (std::size_t i = 0; i < ends.size() && i < 2; ++i) {
      const auto at = std::ranges::find(names, ends[i]);
      if (at == names.end()) {
        link.table().error("between", fmt::format("there is no island '{}'", ends[i]),
                           did_you_mean(ends[i], names));
        continue;
      }
      (i == 0 ? read.first : read.second) = static_cast<int>(at - names.begin());
    }
    if (read.first >= 0 && read.first == read.second) {
      link.table().error("between", "a link is between two islands", "write two names");
    }
    read.bandwidth = link.quantity<BytesPerSecond>("bandwidth").value_or(BytesPerSecond{1});
    link.table().require("bandwidth", "\"1.6 Tbps\"");
    read.latency = link.quantity<Seconds>("latency").value_or(Seconds{0});
    link.table().require("latency", "\"20 us\"");
    link.table().refuse_unknown_keys();
    scenario_.island_links.push_back(read);
  }
}

// What an island does not say is the training's where its accelerator can do that.
void ScenarioReader::settle_islands() {
  const StepSetup& main = scenario_.setup;
  for (std::size_t i = 0; i < scenario_.islands.size(); ++i) {
    ScenarioIsland& island = scenario_.islands[i];
    const IslandWords& words = island_words_[i];
    const auto software = catalogue_.software.find(words.software);
    island.stack = software == catalogue_.software.end() ? main.stack : software->second;
    const auto precision = catalogue_.precisions.find(words.precision);
    if (precision != catalogue_.precisions.end()) {
      island.precision = precision->second;
    } else if (precision_rules(main.job.precision, island.cluster.accelerator).empty()) {
      island.precision = main.job.precision;
    } else {
      island.precision = catalogue_.precisions.at("bf16");
    }
    if (!words.sound) continue;
    for (const auto& rules : {cluster_rules(island.cluster),
                              precision_rules(island.precision, island.cluster.accelerator)}) {
      for (const BrokenRule& rule : rules) {
        diagnostics_.add(words.where, fmt::format("island '{}': {}", island.name, rule.message),
                         rule.suggestion);
      }
    }
  }
}

void ScenarioReader::read_procurement() {
  if (!root_.has("procurement")) return static_cast<void>(root_.table().table("procurement"));
  SettingReader in(root_, "procurement");
  ProcurementSettings procurement;
  procurement.destination = in.text("destination").value_or("");
  in.table().require("destination", "\"CN\"");
  if (!procurement.destination.empty() && !is_country(procurement.destination)) {
    in.table().error("destination", fmt::format("'{}' is no country", procurement.destination),
                     "write two capital letters (ISO 3166), \"CN\"");
  }
  if (const auto date = read_date(in, "date")) procurement.date = *date;
  in.table().require("date", "\"2023-06-01\"");
  procurement.grey_market = read_words(in, "grey_market");
  const auto known = fleetwright::names_of(catalogue_.accelerators);
  for (const std::string& name : procurement.grey_market) {
    if (std::ranges::find(known, name) != known.end()) continue;
    in.table().error("grey_market", fmt::format("unknown accelerator '{}'", name),
                     did_you_mean(name, known));
  }
  in.table().refuse_unknown_keys();
  scenario_.procurement = std::move(procurement);
}

}  // namespace fleetwright
