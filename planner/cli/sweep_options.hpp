#pragma once

#include <memory>
#include <string>

#include "planner/cli/commands.hpp"
#include "planner/sweep/sweep_run.hpp"

namespace fleetwright::cli {

/// What `sweep` takes from the command line, alone and under mpirun.
struct SweepOptions {
  std::string spec;
  std::string store;
  std::string engine;
  std::string shard = "1/1";
  int jobs = 0;  // 0: as many as processors
  bool retry = false;
  bool keep_runs = false;
  double lost_after_s = 30;  // a worker under mpirun that is silent for so long
  std::shared_ptr<OutputOptions> output;
};

/// Adds the options to the sub-command; malformed ones are refused while parsing.
std::shared_ptr<SweepOptions> add_sweep_options(CLI::App& command);

/// The request, for cases that `program` estimates.
[[nodiscard]] SweepRequest request_of(const SweepOptions& options,
                                      const std::filesystem::path& program);

/// Prints how many cases of the sweep ended in which way, and on standard error an example of each
/// way that is not "done".
void print_summary(Sweep& sweep, const SweepOptions& options);

/// This program's file.
[[nodiscard]] std::filesystem::path this_program();

}  // namespace fleetwright::cli
