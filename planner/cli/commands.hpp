#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>

namespace fleetwright::cli {

/// What the chosen sub-command does; returns the exit code.
using Action = std::function<int()>;

/// Where and how a result is printed: the options that all sub-commands share.
struct OutputOptions {
  std::string format = "table";
  std::string file;  // empty: standard output
  bool quiet = false;
};

/// Adds --format, --output and --quiet to a sub-command.
std::shared_ptr<OutputOptions> add_output_options(CLI::App& command);

// Each adds a sub-command to the parser, which sets `action` if it is the chosen one.
void add_estimate(CLI::App& app, Action& action);
void add_simulate(CLI::App& app, Action& action);
void add_show(CLI::App& app, Action& action);
void add_list(CLI::App& app, Action& action);
void add_plan(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_validate(CLI::App& app, Action& action);
void add_cost(CLI::App& app, Action& action);
void add_export_check(CLI::App& app, Action& action);
void add_store(CLI::App& app, Action& action);
/// `argv` is what a program that takes over under mpirun is called with.
void add_sweep(CLI::App& app, Action& action, char** argv);

}  // namespace fleetwright::cli
