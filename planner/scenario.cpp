#include "planner/scenario.hpp"

#include "models/core/toml_document.hpp"
#include "planner/scenario_reader.hpp"

namespace fleetwright {

int accelerators_of(const Scenario& scenario) {
  if (!scenario.placement) return scenario.setup.cluster.gpus;
  int sum = 0;
  for (const IslandPart& part : scenario.placement->parts) {
    sum += part.setup.job.strategy.gpus();
  }
  return sum;
}

Scenario read_scenario(const std::filesystem::path& file,
                       const std::vector<std::string>& overrides) {
  TomlMap document = parse_toml_file(file);
  for (const std::string& assignment : overrides) apply_override(document, assignment);
  return ScenarioReader(document, file.string()).read();
}

std::vector<DescribedSetting> read_settings(const std::filesystem::path& file,
                                            const std::vector<std::string>& overrides) {
  TomlMap document = parse_toml_file(file);
  for (const std::string& assignment : overrides) apply_override(document, assignment);
  ScenarioReader reader(document, file.string());
  static_cast<void>(reader.read());
  return reader.settings();
}

}  // namespace fleetwright
