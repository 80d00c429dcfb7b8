#include <memory>
#include <optional>
#include <vector>

#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "planner/cli/commands.hpp"
#include "planner/cli/estimators.hpp"
#include "planner/cli/result.hpp"
#include "planner/cli/sweep_options.hpp"
#include "planner/cli/trace_file.hpp"
#include "planner/output/report_formats.hpp"
#include "planner/output/report_json.hpp"
#include "planner/report.hpp"
#include "planner/sweep/digest.hpp"
#include "planner/sweep/run_store.hpp"

namespace fleetwright::cli {
namespace {

/// What `estimate` was asked for.
struct EstimateOptions {
  std::vector<std::string> scenarios;
  std::vector<std::string> settings;
  std::string engine;
  std::string trace;
  std::string store;
  bool take_only = false;
  std::shared_ptr<OutputOptions> output;
};

// Reads all scenarios before the first is answered, so that a mistake in the last is not found
// late.
std::vector<Scenario> read_scenarios(const EstimateOptions& options) {
  std::vector<std::string> settings = options.settings;
  if (!options.engine.empty()) settings.push_back("engine=\"" + options.engine + "\"");
  std::vector<Scenario> scenarios;
  std::vector<Diagnostic> diagnostics;
  for (const std::string& file : options.scenarios) {
    try {
      scenarios.push_back(read_scenario(file, settings));
    } catch (const ScenarioError& e) {
      diagnostics.insert(diagnostics.end(), e.diagnostics().begin(), e.diagnostics().end());
    }
  }
  if (!diagnostics.empty()) throw ScenarioError(std::move(diagnostics));
  return scenarios;
}

std::string print(const std::vector<Report>& reports, const std::string& format) {
  if (format == "json") {
    return (reports.size() == 1 ? report_json(reports.front()) : reports_json(reports)) + "\n";
  }
  std::string out = format == "csv" ? report_csv_header() : "";
  for (const Report& report : reports) {
    if (format == "csv") {
      out += report_csv_rows(report);
    } else if (format == "md") {
      out += (out.empty() ? "" : "\n") + report_markdown(report);
    } else if (format == "html") {
      out += report_html(report);
    } else {
      out += (out.empty() ? "" : "\n") + report_table(report);
    }
  }
  return out;
}

/// Reports of scenarios, their simulations from a store where one is asked for.
class Reporter {
 public:
  explicit Reporter(const EstimateOptions& options) : options_(&options) {}

  [[nodiscard]] Report report(const Scenario& scenario, const RunControl& control) {
    const auto engine = make_estimator(scenario.engine, control);
    if (options_->store.empty() || scenario.engine == "analytic") {
      return make_report(scenario, *engine);
    }
    if (!store_) {
      store_.emplace(options_->store,
                     options_->take_only ? RunStore::Use::take : RunStore::Use::take_and_keep,
                     provenance_digest(this_program()), FLEETWRIGHT_VERSION);
    }
    return make_report(scenario, StoredEstimator(*engine, *store_));
  }

 private:
  const EstimateOptions* options_;
  std::optional<RunStore> store_;
};

// What is answered when the user has enough is printed all the same.
int estimate(const EstimateOptions& options) {
  Reporter reporter(options);
  std::vector<Report> reports;
  bool interrupted = false;
  for (const Scenario& scenario : read_scenarios(options)) {
    if (!options.output->quiet) say_islands_are_left_out(scenario);
    try {
      const RunControl control = control_of("estimating " + scenario.name, options.output->quiet);
      reports.push_back(reporter.report(scenario, control));
      interrupted = control.stops();
    } catch (const Interrupted&) {
      interrupted = true;
    }
    if (interrupted) break;
  }
  if (interrupted && reports.empty()) throw Interrupted();
  if (!options.trace.empty()) write_trace(reports.front().step, options.trace);
  write_result(print(reports, options.output->format), options.output->file);
  return interrupted ? end_as_interrupted() : 0;
}

}  // namespace

void add_estimate(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("estimate", "how long and how much?");
  auto options = std::make_shared<EstimateOptions>();
  command->add_option("SCENARIO", options->scenarios, "scenario files; several give a JSON array")
      ->required();
  command->add_option("--engine", options->engine, "analytic or simgrid; default: the scenario's")
      ->check(CLI::IsMember({"analytic", "simgrid"}));
  command
      ->add_option("--set", options->settings,
                   "key.path=value over the scenario's, as in strategy.pp=8; repeatable")
      ->allow_extra_args(false);
  command->add_option("--trace", options->trace, trace_help);
  CLI::Option* const store = command->add_option(
      "--store", options->store,
      "an SQLite file, as `sweep` and `plan` write, that keeps runs of simgrid: "
      "what any of them simulated is not simulated again");
  command->add_flag("--take-only", options->take_only, "write nothing to the store")->needs(store);
  options->output = add_output_options(*command);
  command->callback([options, &action] {
    if (!options->trace.empty() && options->scenarios.size() > 1) {
      throw CLI::ValidationError("--trace", "takes one scenario: it is the timeline of one step");
    }
    action = [options] { return estimate(*options); };
  });
}

}  // namespace fleetwright::cli
