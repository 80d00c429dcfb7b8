#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "models/core/error.hpp"
#include "planner/cli/commands.hpp"
#include "planner/cli/result.hpp"
#include "planner/cli/sweep_options.hpp"

namespace fleetwright::cli {
namespace {

// Open MPI's mpirun says how many processes it started.
bool under_mpirun() {
  const char* size = std::getenv("OMPI_COMM_WORLD_SIZE");
  return size != nullptr && std::strtol(size, nullptr, 10) > 1;
}

// MPI is in a program of its own, so that nobody else needs its libraries.
[[noreturn]] void become_mpi_program(char** argv) {
  const std::filesystem::path program = this_program().parent_path() / "fleetwright-sweep-mpi";
  ::execv(program.c_str(), argv);
  throw Error("mpirun was used, but '" + program.string() +
              "' cannot be started: " + std::strerror(errno) + "; it is built where Open MPI is");
}

int sweep(const SweepOptions& options, char** argv) {
  if (under_mpirun()) become_mpi_program(argv);
  Sweep sweep(request_of(options, this_program()));
  sweep.command.simulations = {std::filesystem::absolute(options.store), options.keep_runs};
  const auto processors = std::max(1U, std::thread::hardware_concurrency());
  const auto jobs = options.jobs > 0 ? static_cast<std::size_t>(options.jobs) : processors;
  run_sweep(sweep, jobs, control_of("sweeping " + sweep.spec.name, options.output->quiet));
  print_summary(sweep, options);
  return 0;
}

}  // namespace

void add_sweep(CLI::App& app, Action& action, char** argv) {
  CLI::App* command = app.add_subcommand(
      "sweep", "many scenarios: resumable, parallel (--jobs N), or under mpirun");
  auto options = add_sweep_options(*command);
  command->callback(
      [options, &action, argv] { action = [options, argv] { return sweep(*options, argv); }; });
}

}  // namespace fleetwright::cli
