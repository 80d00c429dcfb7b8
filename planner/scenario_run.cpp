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
    read_phase(SettingReader(table, diagnostics_, settings_));
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
  phase.rollouts = read_rollouts(in);  // last: what follows a table within is that table's
  table.refuse_unknown_keys();
  if (phase.rollouts) {
    if (in.has("gpu_hours") || in.has("tokens") || in.has("sequence_length")) {
      table.error("rollouts", "a phase has rollouts, or tokens, or gpu_hours, not several",
                  "make phases of them: [[phase]] each");
    }
    scenario_.phases.push_back(std::move(phase));
    return;
  }
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

std::optional<Rollouts> ScenarioReader::read_rollouts(SettingReader& phase) {
  auto inner = phase.table().table("rollouts");
  if (!inner) return std::nullopt;
  SettingReader in(*inner, diagnostics_, settings_);
  constexpr Range<double> positive{1e-3, 1e15};
  const auto needed = [&](std::string_view key, std::string_view example) {
    const double value = in.number(key, positive).value_or(1);
    in.table().require(key, std::string(example));
    return value;
  };
  Rollouts r;
  r.outputs = needed("outputs", "5_000_000");
  r.outputs_per_round = needed("outputs_per_round", "8192");
  r.tokens_per_output = needed("tokens_per_output", "6000");
  r.tokens_per_second_per_node = needed("tokens_per_second_per_node", "14_800");
  r.accelerators = in.integer_or("accelerators", {1, 100'000'000}, scenario_.setup.cluster.gpus,
                                 "cluster.accelerators");
  r.longest_output = in.number("longest_output", positive);
  r.tokens_per_second_per_user = in.number("tokens_per_second_per_user", positive);
  if (r.longest_output.has_value() != r.tokens_per_second_per_user.has_value()) {
    in.table().error(r.longest_output ? "longest_output" : "tokens_per_second_per_user",
                     "the longest output and the speed of one output belong together",
                     "give both or neither");
  }
  if (r.outputs < r.outputs_per_round) {
    in.table().error("outputs_per_round", "a round writes more than all outputs");
  }
  in.table().refuse_unknown_keys();
  return r;
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
  constexpr Range<double> server_factors{0.1, 10.0};
  // A facility draws at least what its servers do. What these draw over the TDP of their
  // accelerators follows from the step unless it is given.
  const auto pue = in.number("pue", {1.0, 5.0});
  const auto server = in.number("server_factor", server_factors);
  const auto carbon = in.number("carbon_g_per_kwh", {0.0, 2000.0});
  const Provenance from{ProvenanceKind::assumed, source(in)};
  if (pue) scenario_.pue = {*pue, from};
  if (server) scenario_.server_power_factor = {*server, from};
  if (carbon) scenario_.carbon_g_per_kwh = {*carbon, from};
  in.table().require("pue", "1.3");
  if (!in.has("server_factor")) {
    in.note_default("server_factor", "", "what the step does, by profiles/data/power.toml",
                    allowed::numbers(server_factors));
  }
  in.table().refuse_unknown_keys();
}

void ScenarioReader::read_claims() {
  for (TomlTable& table : root_.table().tables("claim")) {
    SettingReader in(table, diagnostics_, settings_);
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
