#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "models/core/error.hpp"
#include "planner/cli/commands.hpp"
#include "planner/cli/estimators.hpp"
#include "planner/cli/result.hpp"
#include "planner/cli/trace_file.hpp"
#include "planner/output/report_formats.hpp"
#include "planner/output/report_json.hpp"
#include "planner/report.hpp"

namespace fleetwright::cli {
namespace {

/// What `simulate` was asked for.
struct SimulateOptions {
  std::string scenario;
  std::vector<std::string> settings;
  int steps = 1;
  int column = 0;
  bool unfolded = false;
  std::string granularity = "coflow";
  std::string trace;
  std::shared_ptr<OutputOptions> output;
};

std::vector<std::string> granularity_names() {
  std::vector<std::string> names;
  for (const Granularity g : granularities) names.emplace_back(to_string(g));
  return names;
}

Granularity granularity_of(const std::string& name) {
  for (const Granularity g : granularities) {
    if (to_string(g) == name) return g;
  }
  fail_invariant("granularity_of", "a name that the parser let through");
}

std::string print(const Report& report, const std::string& format) {
  if (format == "json") return report_json(report) + "\n";
  if (format == "csv") return report_csv_header() + report_csv_rows(report);
  if (format == "md") return report_markdown(report);
  if (format == "html") return report_html(report);
  return report_table(report);
}

int simulate(const SimulateOptions& options) {
  const Scenario scenario = read_scenario(options.scenario, options.settings);
  if (!options.output->quiet) say_islands_are_left_out(scenario);
  const int columns = lay_out_columns(scenario.setup.job.strategy).count;
  if (options.column >= columns) {
    throw Error(fmt::format("there is no column {}: the cluster has {}, counted from 0",
                            options.column, columns));
  }
  Unfolding unfolding;
  unfolding.granularity = granularity_of(options.granularity);
  unfolding.all_columns = options.unfolded;
  if (scenario.variation) unfolding.variation = *scenario.variation;
  const bool alone = unfolding.granularity == Granularity::analytic;
  const RunControl control = control_of("simulating " + scenario.name, options.output->quiet);
  const auto estimator = make_estimator(alone ? "analytic" : "simgrid", control);
  const Report report = make_report(
      scenario,
      simulate_cluster(scenario.setup, unfolding, {options.steps, options.column}, *estimator));
  if (!options.trace.empty()) write_trace(report.step, options.trace);
  write_result(print(report, options.output->format), options.output->file);
  const bool all = report.simulation->steps.each.size() == static_cast<std::size_t>(options.steps);
  return all ? 0 : end_as_interrupted();
}

}  // namespace

void add_simulate(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "simulate", "what happens inside? ranks, links, and what differs between GPUs");
  auto options = std::make_shared<SimulateOptions>();
  command->add_option("SCENARIO", options->scenario, "a scenario file")->required();
  command
      ->add_option("--steps", options->steps,
                   "simulate so many; the report is of the first, with how long each took")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->add_flag("--unfolded", options->unfolded,
                    "every column by itself, not one for all that are alike; columns are what only "
                    "data-parallel collectives join");
  command
      ->add_option(
          "--granularity", options->granularity,
          "analytic: transfers share no links; coflow: one flow a link; node, gpu: one for "
          "each pair")
      ->check(CLI::IsMember(granularity_names()))
      ->capture_default_str();
  command->add_option("--column", options->column, "whose ranks and timeline are shown")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command
      ->add_option("--set", options->settings,
                   "key.path=value over the scenario's, as in variation.kernel_jitter=0.02; "
                   "repeatable")
      ->allow_extra_args(false);
  command->add_option("--trace", options->trace, trace_help);
  options->output = add_output_options(*command);
  command->callback([options, &action] { action = [options] { return simulate(*options); }; });
}

}  // namespace fleetwright::cli
