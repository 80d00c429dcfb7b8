#include <fmt/format.h>

#include <exception>
#include <string>

#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "planner/cli/commands.hpp"
#include "planner/cli/result.hpp"
#include "planner/sweep/case_process.hpp"

namespace fleetwright::cli {
namespace {

constexpr int exit_environment = 1;
constexpr int exit_input = 2;
constexpr int exit_infeasible = 3;

constexpr const char* description =
    "Predicts how long a training run of a large language model takes, what it costs, and why.";

constexpr const char* footer =
    "Exit codes: 0 done, 1 environment, 2 wrong input, 3 nothing feasible, 130 interrupted.\n"
    "Results go to standard output, everything else to standard error.\n"
    "`fleetwright COMMAND --help` explains a command.\n";

int run(const Action& action) {
  try {
    return action();
  } catch (const ScenarioError& e) {
    fmt::print(stderr, "{}", render(e.diagnostics()));
    return exit_input;
  } catch (const Infeasible& e) {
    fmt::print(stderr, "fleetwright: {}\n", e.what());
    return exit_infeasible;
  } catch (const Interrupted&) {
    return end_as_interrupted();
  } catch (const std::exception& e) {
    fmt::print(stderr, "fleetwright: {}\n", e.what());
    return exit_environment;
  }
}

int parse_and_run(int argc, char** argv) {
  CLI::App app(description, "fleetwright");
  app.set_version_flag("--version", "fleetwright " FLEETWRIGHT_VERSION);
  app.footer(footer);
  app.require_subcommand(1);
  Action action;
  add_estimate(app, action);
  add_simulate(app, action);
  add_show(app, action);
  add_list(app, action);
  add_validate(app, action);
  add_plan(app, action);
  add_compare(app, action);
  add_cost(app, action);
  add_export_check(app, action);
  add_sweep(app, action, argv);
  add_store(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    fmt::print(stderr, "fleetwright: {}\nRun with --help for more information.\n", e.what());
    return exit_input;
  }
  return run(action);
}

}  // namespace
}  // namespace fleetwright::cli

int main(int argc, char** argv) {
  fleetwright::end_with_parent();
  fleetwright::cli::end_cleanly_on_interrupt();
  return fleetwright::cli::parse_and_run(argc, argv);
}
