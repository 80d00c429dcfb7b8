#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "planner/cli/commands.hpp"
#include "planner/cli/result.hpp"
#include "planner/described_setting.hpp"
#include "planner/output/listing.hpp"
#include "planner/output/settings_json.hpp"

namespace fleetwright::cli {
namespace {

/// What `show` was asked for.
struct ShowOptions {
  std::string scenario;
  std::vector<std::string> settings;
  std::shared_ptr<OutputOptions> output;
};

// "phase[1].name" stands under [[phase]], "phase[1].rollouts.outputs" under [phase.rollouts],
// "model.config" under [model].
std::string heading_of(const std::string& table) {
  std::string name;
  bool in_index = false;
  for (const char c : table) {
    in_index = in_index || c == '[';
    if (!in_index) name += c;
    if (c == ']') in_index = false;
  }
  return table.ends_with(']') ? fmt::format("[[{}]]", name) : fmt::format("[{}]", name);
}

// A scenario file that reads the same, each line with its origin.
std::string as_scenario(const std::vector<DescribedSetting>& settings) {
  std::size_t width = 0;
  for (const auto& [s, allowed] : settings) {
    width = std::max(width, s.path.size() - s.path.rfind('.') + s.value.size());
  }
  // Origins stand in one column unless a long text pushes them out.
  width = std::min<std::size_t>(width + 3, 48);
  std::string out;
  std::string table;
  for (const auto& [s, allowed] : settings) {
    const auto dot = s.path.rfind('.');
    const std::string of = dot == std::string::npos ? "" : s.path.substr(0, dot);
    if (of != table) out += fmt::format("\n{}\n", heading_of(of));
    table = of;
    const std::string key = dot == std::string::npos ? s.path : s.path.substr(dot + 1);
    out += s.value.empty() ? fmt::format("# {}: {}\n", key, s.origin)
                           : fmt::format("{:<{}}  # {}\n", key + " = " + s.value, width, s.origin);
  }
  return out;
}

int show(const ShowOptions& options) {
  const std::vector<DescribedSetting> settings = read_settings(options.scenario, options.settings);
  const std::string& format = options.output->format;
  if (format == "table") {
    write_result(as_scenario(settings), options.output->file);
    return 0;
  }
  if (format == "json") {
    write_result(settings_json(settings), options.output->file);
    return 0;
  }
  Listing listing{{"setting", "value", "origin"}, {}};
  for (const auto& [s, allowed] : settings) listing.rows.push_back({s.path, s.value, s.origin});
  write_result(print(listing, format), options.output->file);
  return 0;
}

}  // namespace

void add_show(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "show",
      "the scenario with every default written out and its origin; as json, also "
      "what each setting may be");
  auto options = std::make_shared<ShowOptions>();
  command->add_option("SCENARIO", options->scenario, "a scenario file")->required();
  command->add_option("--set", options->settings, "key.path=value over the scenario's; repeatable")
      ->allow_extra_args(false);
  options->output = add_output_options(*command);
  command->callback([options, &action] { action = [options] { return show(*options); }; });
}

}  // namespace fleetwright::cli
