#include <fmt/format.h>
#include <mpi.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "planner/cli/mpi/coordinator.hpp"
#include "planner/cli/mpi/worker.hpp"
#include "planner/cli/result.hpp"
#include "planner/cli/sweep_options.hpp"

// `fleetwright sweep` under mpirun: rank 0 hands out cases and alone writes the store; the others
// compute. `fleetwright` starts it by itself and has read the command line once.

namespace fleetwright::cli {
namespace {

std::filesystem::path estimating_program() { return this_program().parent_path() / "fleetwright"; }

void print_work(const CoordinatorWork& work, const SweepOptions& options) {
  if (options.output->quiet || work.cases == 0) return;
  fmt::print(stderr,
             "fleetwright: {} cases in {:.3g} s; {} workers, {} lost, each {:.3g} s a case; the "
             "coordinator was busy {:.3g} ms a case, and can feed {:.0f} such workers\n",
             work.cases, work.wall.count(), work.workers, work.lost, work.worker_per_case_s(),
             1e3 * work.busy_per_case_s(), work.workers_it_can_feed());
}

// MPI_Finalize waits for all ranks, and so for ever after one is lost; MPI_Abort does nothing under
// --enable-recovery (Open MPI 4.1). mpirun returns when all who are left have ended.
[[noreturn]] void leave_without_finalizing() {
  std::fflush(nullptr);
  std::_Exit(0);
}

int coordinate_and_print(const SweepOptions& options, int workers) {
  Sweep sweep(request_of(options, estimating_program()));
  const RunControl control = control_of("sweeping " + sweep.spec.name, options.output->quiet);
  const std::chrono::duration<double> silence(options.lost_after_s);
  const CoordinatorWork work = coordinate(sweep, workers, silence, control);
  print_work(work, options);
  print_summary(sweep, options);
  if (work.lost > 0) leave_without_finalizing();
  return 0;
}

// What `fleetwright` does with the same errors.
int run_as_coordinator(const SweepOptions& options, int workers) {
  try {
    return coordinate_and_print(options, workers);
  } catch (const ScenarioError& e) {
    fmt::print(stderr, "{}", render(e.diagnostics()));
    return 2;
  } catch (const Interrupted&) {
    return end_as_interrupted();
  } catch (const std::exception& e) {
    fmt::print(stderr, "fleetwright: {}\n", e.what());
    return 1;
  }
}

int run(int argc, char** argv) {
  CLI::App app("fleetwright sweep under mpirun", "fleetwright-sweep-mpi");
  app.require_subcommand(1);
  const auto options = add_sweep_options(*app.add_subcommand("sweep", "many scenarios"));
  int rank = 0;
  int size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return rank == coordinator_rank ? app.exit(e) : 2;
  }
  if (size < 2) {
    fmt::print(stderr, "fleetwright: mpirun needs two processes at least, one to hand out cases\n");
    return 2;
  }
  if (rank != coordinator_rank) {
    // Several signs of life in each silence that would be too long.
    const std::chrono::duration<double> sign(options->lost_after_s / 10);
    const std::size_t jobs = options->jobs > 0 ? static_cast<std::size_t>(options->jobs) : 1;
    if (!work(estimating_program(), jobs, sign)) leave_without_finalizing();
    return 0;
  }
  const int code = run_as_coordinator(*options, size - 1);
  // Workers that were not told to stop wait for ever.
  if (code != 0) MPI_Abort(MPI_COMM_WORLD, code);
  return code;
}

}  // namespace
}  // namespace fleetwright::cli

int main(int argc, char** argv) {
  fleetwright::cli::end_cleanly_on_interrupt();
  MPI_Init(&argc, &argv);
  // A lost worker is no reason to end.
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  const int code = fleetwright::cli::run(argc, argv);
  MPI_Finalize();
  return code;
}
