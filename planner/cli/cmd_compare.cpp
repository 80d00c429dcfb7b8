#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "models/core/error.hpp"
#include "planner/cli/commands.hpp"
#include "planner/cli/estimators.hpp"
#include "planner/cli/result.hpp"
#include "planner/output/comparison_formats.hpp"
#include "planner/output/report_formats.hpp"

namespace fleetwright::cli {
namespace {

struct CompareOptions {
  std::vector<std::string> scenarios;
  std::vector<std::string> variants;
  std::string engine;
  std::shared_ptr<OutputOptions> output;
};

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

// The scenarios, then the first one with the settings of each variant.
std::vector<Scenario> scenarios_of(const CompareOptions& options) {
  std::vector<std::string> common;
  if (!options.engine.empty()) common.push_back("engine=\"" + options.engine + "\"");
  std::vector<Scenario> scenarios;
  for (const std::string& file : options.scenarios)
    scenarios.push_back(read_scenario(file, common));
  for (const std::string& variant : options.variants) {
    std::vector<std::string> settings = common;
    for (std::string& setting : parts_of(variant, ';')) settings.push_back(std::move(setting));
    Scenario scenario = read_scenario(options.scenarios.front(), settings);
    scenario.name = variant;
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

std::string print(const Comparison& comparison, const std::string& format) {
  if (format == "json") return comparison_json(comparison) + "\n";
  if (format == "csv") return comparison_csv(comparison);
  if (format == "md") return comparison_markdown(comparison);
  if (format == "table") return comparison_table(comparison);
  std::string pages;
  for (const Report& report : comparison.reports) pages += report_html(report);
  return pages;
}

int compare(const CompareOptions& options) {
  std::vector<Report> reports;
  for (const Scenario& scenario : scenarios_of(options)) {
    const RunControl control = control_of("estimating " + scenario.name, options.output->quiet);
    reports.push_back(make_report(scenario, *make_estimator(scenario.engine, control)));
    if (control.stops()) throw Interrupted();
  }
  write_result(print(compare_reports(std::move(reports)), options.output->format),
               options.output->file);
  return 0;
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("compare", "side by side, with what explains the difference");
  auto options = std::make_shared<CompareOptions>();
  command
      ->add_option("SCENARIO", options->scenarios,
                   "scenarios; the others are held against the first")
      ->required();
  command
      ->add_option("--variant", options->variants,
                   "the first scenario with other settings, as in "
                   "'cluster.accelerator=A100-SXM-80;training.precision=bf16'; repeatable")
      ->allow_extra_args(false);
  command->add_option("--engine", options->engine, "analytic or simgrid; default: the scenario's")
      ->check(CLI::IsMember({"analytic", "simgrid"}));
  options->output = add_output_options(*command);
  command->callback([options, &action] {
    if (options->scenarios.size() + options->variants.size() < 2) {
      throw CLI::ValidationError("SCENARIO", "two are needed, or one and a --variant");
    }
    action = [options] { return compare(*options); };
  });
}

}  // namespace fleetwright::cli
