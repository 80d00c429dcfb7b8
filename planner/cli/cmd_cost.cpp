#include <memory>
#include <string>
#include <vector>

#include "planner/cli/commands.hpp"
#include "planner/cli/estimators.hpp"
#include "planner/cli/result.hpp"
#include "planner/output/cost_formats.hpp"
#include "planner/report.hpp"

namespace fleetwright::cli {
namespace {

/// What `cost` was asked for.
struct CostOptions {
  std::string scenario;
  std::vector<std::string> settings;
  std::string engine;
  std::shared_ptr<OutputOptions> output;
};

int cost(const CostOptions& options) {
  std::vector<std::string> settings = options.settings;
  if (!options.engine.empty()) settings.push_back("engine=\"" + options.engine + "\"");
  const Scenario scenario = read_scenario(options.scenario, settings);
  const RunControl control = control_of("estimating " + scenario.name, options.output->quiet);
  const Report report = make_report(scenario, *make_estimator(scenario.engine, control));
  const CostReport money = report.cost ? *report.cost : cost_report(report);
  std::vector<SizePoint> sizes;
  if (options.output->format == "html") sizes = size_sweep(scenario, options.settings);
  write_result(print_cost(report, money, options.output->format, sizes), options.output->file);
  return control.stops() ? end_as_interrupted() : 0;
}

}  // namespace

void add_cost(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "cost", "the money alone: run rented and owned, programme, fleet, with ranges and sources");
  auto options = std::make_shared<CostOptions>();
  command->add_option("SCENARIO", options->scenario, "a scenario file")->required();
  command->add_option("--engine", options->engine, "analytic or simgrid; default: the scenario's")
      ->check(CLI::IsMember({"analytic", "simgrid"}));
  command->add_option("--set", options->settings, "key.path=value over the scenario's; repeatable")
      ->allow_extra_args(false);
  options->output = add_output_options(*command);
  command->callback([options, &action] { action = [options] { return cost(*options); }; });
}

}  // namespace fleetwright::cli
