#include <fmt/core.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "planner/cli/commands.hpp"
#include "planner/cli/estimators.hpp"
#include "planner/cli/result.hpp"
#include "planner/cli/sweep_options.hpp"
#include "planner/output/design_formats.hpp"
#include "planner/output/plan_formats.hpp"
#include "planner/output/report_formats.hpp"
#include "planner/search/inverse_questions.hpp"
#include "planner/search/plan_store.hpp"
#include "planner/sweep/case_key.hpp"
#include "planner/sweep/digest.hpp"
#include "planner/sweep/run_store.hpp"

namespace fleetwright::cli {
namespace {

struct PlanOptions {
  std::string scenario;
  std::vector<std::string> settings;
  std::string engine;
  PlanQuestion question;
  std::string store;
  bool design = false, tornado = false;
  double deadline = 0, budget = 0, megawatts = 0;
  std::shared_ptr<OutputOptions> output;
};

std::string print(const PlanAnswer& answer, const std::vector<PlanSwing>& tornado,
                  const std::string& format) {
  if (format == "json") return plan_json(answer, tornado) + "\n";
  if (format == "csv") return plan_csv(answer);
  if (format == "html") return report_html(answer.plans[answer.best]);
  const std::string text = format == "md" ? plan_markdown(answer) : plan_table(answer);
  return tornado.empty() ? text : text + "\n" + tornado_table(answer, tornado, format);
}

// The scenario with what is set over it, as cases of sweeps are known.
PlanStoreIdentity identity_of(const PlanOptions& options,
                              const std::vector<std::string>& settings) {
  CaseKeys keys(options.scenario, "", provenance_digest(this_program()));
  std::vector<Assignment> assignments;
  for (const std::string& setting : settings) {
    const auto equals = setting.find('=');  // read_scenario() has refused what has none
    assignments.push_back({setting.substr(0, equals), setting.substr(equals + 1)});
  }
  return {keys.of(assignments).settings, keys.provenance(), FLEETWRIGHT_VERSION};
}

int plan(PlanOptions options) {
  std::vector<std::string> settings = options.settings;
  if (!options.engine.empty()) settings.push_back("engine=\"" + options.engine + "\"");
  const Scenario scenario = read_scenario(options.scenario, settings);
  if (options.deadline > 0) options.question.deadline_days = options.deadline;
  if (options.budget > 0) options.question.budget_usd = options.budget;
  if (options.megawatts > 0) options.question.megawatts = options.megawatts;
  const RunControl control = control_of("planning " + scenario.name, options.output->quiet);
  if (options.design) {
    write_result(print_designs(search_designs(scenario, control), options.output->format),
                 options.output->file);
    return 0;
  }
  const auto engine = make_estimator(scenario.engine, control);
  std::optional<PlanStore> candidates;
  std::optional<RunStore> runs;
  std::optional<StoredEstimator> stored;
  if (!options.store.empty()) {
    PlanStoreIdentity identity = identity_of(options, settings);
    runs.emplace(options.store, RunStore::Use::take_and_keep, identity.program_digest,
                 identity.program_version);
    candidates.emplace(options.store, std::move(identity));
    stored.emplace(*engine, *runs);
    options.question.memory = &*candidates;
  }
  const Estimator& estimator = stored ? static_cast<const Estimator&>(*stored) : *engine;
  const PlanAnswer answer = answer_question(scenario, options.question, estimator, control);
  if (stored && !options.output->quiet) {
    fmt::print(stderr, "fleetwright: {}: {} candidates and {} simulated steps were there already\n",
               options.store, candidates->found(), runs->found());
  }
  std::vector<PlanSwing> tornado;
  if (options.tornado) tornado = plan_tornado(answer, control);
  write_result(print(answer, tornado, options.output->format), options.output->file);
  return 0;
}

}  // namespace

void add_plan(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("plan", "which strategy and which machines?");
  auto options = std::make_shared<PlanOptions>();
  command
      ->add_option("SCENARIO", options->scenario,
                   "a scenario; of its strategy the global batch alone counts")
      ->required();
  command->add_option("--engine", options->engine, "analytic or simgrid; default: the scenario's")
      ->check(CLI::IsMember({"analytic", "simgrid"}));
  command->add_option("--set", options->settings, "key.path=value over the scenario's; repeatable")
      ->allow_extra_args(false);
  command
      ->add_option("--accelerators", options->question.accelerators,
                   "sizes of the cluster to look at, as in 1024,2048; default: the scenario's")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  command->add_option("--deadline", options->deadline, "the run must end in so many days")
      ->check(CLI::PositiveNumber);
  command->add_option("--budget", options->budget, "the run must cost no more dollars of rent")
      ->check(CLI::PositiveNumber);
  command->add_flag("--smallest", options->question.smallest,
                    "the fewest accelerators that meet the deadline");
  command
      ->add_option("--megawatts", options->megawatts,
                   "as many accelerators as a facility of this power feeds")
      ->check(CLI::PositiveNumber);
  command->add_flag("--most-tokens", options->question.most_tokens,
                    "how many tokens the budget trains, and the model that this suits");
  command->add_flag("--design", options->design,
                    "the best accelerator just under the limits of [procurement], made from the "
                    "scenario's by holding it back");
  command->add_option("--store", options->store,
                      "an SQLite file, as `sweep` writes, that keeps what is computed: a second "
                      "call is faster, and one that was stopped goes on");
  command->add_flag("--tornado", options->tornado,
                    "how the best plan's days move with each assumption, and which would win then");
  command->add_option("--best", options->question.best, "plans of each size to answer in full")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  options->output = add_output_options(*command);
  command->callback([options, &action] { action = [options] { return plan(*options); }; });
}

}  // namespace fleetwright::cli
