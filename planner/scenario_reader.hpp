#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/core/diagnostics.hpp"
#include "planner/catalogue.hpp"
#include "planner/feasibility.hpp"
#include "planner/scenario.hpp"
#include "planner/setting_reader.hpp"

namespace fleetwright {

/// Reads the tables of one scenario document, each into its part of a Scenario. A part with
/// anything wrong in it is diagnosed and left out of the checks between parts.
class ScenarioReader {
 public:
  /// `file` as it is to stand in messages; `document` must outlive this.
  ScenarioReader(const TomlMap& document, std::string file);

  /// Throws ScenarioError with everything that is wrong.
  [[nodiscard]] Scenario read();
  /// All that was read so far, with what each may be.
  [[nodiscard]] const std::vector<DescribedSetting>& settings() const { return settings_; }

 private:
  /// Runs `read` and tells whether it diagnosed nothing.
  template <typename Read>
  bool clean(Read read);

  void read_head();
  void read_model();
  void read_cluster();
  void read_model_config(const std::string& config);
  void read_machines(SettingReader& in, Cluster& cluster);
  void read_node(SettingReader& in, Cluster& cluster);
  void read_nic(SettingReader& in, Cluster& cluster);
  void read_network(SettingReader& in, Cluster& cluster);
  void read_routing(SettingReader& in, Cluster& cluster);
  void read_data_centres(SettingReader& in, Cluster& cluster);
  void read_collective(SettingReader& in, Cluster& cluster);
  void read_islands(SettingReader& in);
  void read_island_links(SettingReader& in);
  void settle_islands();
  void read_procurement();
  void read_strategy();
  void read_schedule(SettingReader& in);
  void read_default_dp(SettingReader& in);
  void read_layout(SettingReader& in);
  void read_training();
  void read_phases();
  void read_phase(SettingReader in);
  std::optional<Rollouts> read_rollouts(SettingReader& phase);
  void read_price();
  void read_power();
  void read_reliability();
  void read_failures(SettingReader& in, ReliabilitySettings& r);
  void read_records(TomlTable& table, const std::string& from,
                    const std::vector<std::string>& leave_out, ReliabilitySettings& r) const;
  void read_recovery(SettingReader& in, ReliabilitySettings& r);
  void read_checkpoints(SettingReader& in, ReliabilitySettings& r);
  CheckpointStorage read_storage(SettingReader& in);
  void read_variation();
  void read_expert_skew(SettingReader& in, ExpertSkew& skew);
  void read_expert_tokens(SettingReader& in, const std::string& name, ExpertSkew& skew);
  void read_slow_parts(SettingReader& in, Variation& v);
  void check_slow_links();
  void read_cost();
  std::optional<Date> read_date(SettingReader& in, std::string_view key);
  std::vector<std::string> read_words(SettingReader& in, std::string_view key);
  std::vector<std::string> read_kinds(SettingReader& in);
  std::optional<SourcedRange> read_range(SettingReader& in, std::string_view key);
  ValueRange read_low_and_high(SettingReader& in, double typical);
  void read_price_override(SettingReader in);
  void read_cost_claim(SettingReader in);
  void read_programme();
  void read_fleet();
  FleetIsland read_island(SettingReader in);
  void read_serving();
  void read_claims();

  /// The `source` of a table, which must have one.
  std::string source(SettingReader& in);
  void add(const std::vector<BrokenRule>& rules);
  [[nodiscard]] SourceLocation where(std::string_view setting) const;

  const TomlMap& document_;
  std::string file_;
  Diagnostics diagnostics_;
  const Catalogue& catalogue_;
  Scenario scenario_;
  std::vector<DescribedSetting> settings_;
  SettingReader root_;
  std::vector<std::pair<SourceLocation, std::string>> slow_links_;
  /// What an island says of itself that is known only with the training.
  struct IslandWords {
    SourceLocation where;
    std::string precision, software;  // empty: the training's
    bool sound = false;               // its machines
  };
  std::vector<IslandWords> island_words_;
};

}  // namespace fleetwright
