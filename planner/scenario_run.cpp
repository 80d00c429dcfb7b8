// The tables of a scenario that turn a step into a run and a run into money.

#include <fmt/format.h>

#include "planner/scenario_reader.hpp"

namespace fleetwright {

std::string ScenarioReader::source(SettingReader& in) {
  const auto text = in.text("source");
  in.table().require("source", "\"where the figure comes from\"");
  return text.value_or("");
}

void ScenarioReader::read_phases() {
  for (TomlTable& table : root_.table().tables("phase")) {
    read_phase(SettingReader(table, diagnostics_, scenario_.settings));
  }
}

void ScenarioReader::read_phase(SettingReader in) {
  TomlTable& table = in.table();
  RunPhase phase;
  phase.name = in.text("name").value_or("");
  table.require("name", "\"context extension\"");
  if (const auto tokens = in.quantity<Tokens>("tokens")) phase.tokens = tokens->si();
  if (const auto length = in.integer("sequence_length", {1, 100'000'000})) {
    phase.sequence_length = static_cast<int>(*length);
  }
  phase.gpu_hours = in.number("gpu_hours", {0.0, 1e12});
  phase.source = source(in);
  table.refuse_unknown_keys();
  if (in.has("gpu_hours") && (in.has("tokens") || in.has("sequence_length"))) {
    table.error("gpu_hours", "a phase has gpu_hours, or tokens and sequence_length, not both",
                "remove gpu_hours to have it predicted");
  } else if (!in.has("gpu_hours") && !(in.has("tokens") && in.has("sequence_length"))) {
    table.error(
        "name",
        fmt::format("phase '{}' needs gpu_hours, or tokens and sequence_length", phase.name),
        "add tokens = \"60 B tokens\" and sequence_length = 32768, or gpu_hours = 5000");
  }
  scenario_.phases.push_back(std::move(phase));
}

void ScenarioReader::read_price() {
  if (!root_.has("price")) return static_cast<void>(root_.table().table("price"));
  SettingReader in(root_, "price");
  const auto rent = in.quantity<UsdPerSecond>("rent");
  in.table().require("rent", "\"$2.00 / h\"");
  const std::string from = source(in);
  if (rent) scenario_.rent = {*rent, {ProvenanceKind::published, from}};
  in.table().refuse_unknown_keys();
}

void ScenarioReader::read_power() {
  if (!root_.has("power")) return static_cast<void>(root_.table().table("power"));
  SettingReader in(root_, "power");
  // A facility draws at least what its servers do. What these draw over the TDP of their
  // accelerators follows from the step unless it is given.
  const auto pue = in.number("pue", {1.0, 5.0});
  const auto server = in.number("server_factor", {0.1, 10.0});
  const auto carbon = in.number("carbon_g_per_kwh", {0.0, 2000.0});
  const Provenance from{ProvenanceKind::assumed, source(in)};
  if (pue) scenario_.pue = {*pue, from};
  if (server) scenario_.server_power_factor = {*server, from};
  if (carbon) scenario_.carbon_g_per_kwh = {*carbon, from};
  in.table().require("pue", "1.3");
  if (!in.has("server_factor")) {
    in.note_default("server_factor", "", "what the step does, by profiles/data/power.toml");
  }
  in.table().refuse_unknown_keys();
}

void ScenarioReader::read_claims() {
  for (TomlTable& table : root_.table().tables("claim")) {
    SettingReader in(table, diagnostics_, scenario_.settings);
    Claim claim;
    claim.quantity = in.text("quantity").value_or("");
    claim.value = in.number("value", {-1e30, 1e30}).value_or(0);
    claim.source = source(in);
    in.table().require("quantity", "\"step.time_s\"");
    in.table().require("value", "12.5");
    in.table().refuse_unknown_keys();
    scenario_.claims.push_back(std::move(claim));
  }
}

}  // namespace fleetwright
