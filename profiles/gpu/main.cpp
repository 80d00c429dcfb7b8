#include <fmt/format.h>
#include <revision.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <exception>
#include <memory>
#include <random>

#include "models/core/data_files.hpp"
#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "profiles/gpu/kernels/poison.hpp"
#include "profiles/gpu/libraries/library_report.hpp"
#include "profiles/gpu/overlap.hpp"
#include "profiles/gpu/run/comparison_report.hpp"
#include "profiles/gpu/run/options.hpp"
#include "profiles/gpu/run/plan_report.hpp"
#include "profiles/gpu/run/rate_report.hpp"
#include "profiles/gpu/run/runner.hpp"
#include "profiles/gpu/run/suites.hpp"
#include "profiles/gpu/timing/cupti_counters.hpp"
#include "profiles/gpu/timing/gpu_info.hpp"
#include "profiles/gpu/timing/gpu_names.hpp"
#include "profiles/gpu/timing/gpu_timer.hpp"
#include "profiles/gpu/timing/launch_overhead.hpp"

namespace fleetwright::gpu {
namespace {

constexpr int exit_failed = 1;
constexpr int exit_input = 2;
constexpr int exit_interrupted = 130;

std::atomic<bool> interrupted = false;

// The first Ctrl-C ends the run after the case at hand, seconds at the most; a second ends it now.
void end_on_interrupt(int) {
  if (interrupted.exchange(true)) std::_Exit(exit_interrupted);
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[11];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

std::uint64_t seed_of(const Options& options) {
  if (options.seed) return *options.seed;
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

std::vector<Case> cases_asked_for(const Options& options, int sms) {
  std::vector<Operator> operators;
  for (const Suite& suite : builtin_suites()) {
    if (std::ranges::find(options.suites, suite.name) == options.suites.end()) continue;
    std::ranges::move(suite.operators(), std::back_inserter(operators));
  }
  std::vector<Case> cases = cases_of(operators, builtin_benchmarks(), sms);
  if (options.filter) {
    std::erase_if(cases,
                  [&](const Case& c) { return !std::regex_search(c.name(), *options.filter); });
  }
  return cases;
}

// Counting runs a launch again for itself, so it is left out of the long grid unless asked for.
bool wants_counters(const Options& options) {
  if (options.counters == CounterMode::full) return true;
  return options.counters == CounterMode::automatic &&
         std::ranges::find(options.suites, "grid") == options.suites.end();
}

int check(const Options& options) {
  const std::uint64_t seed = seed_of(options);
  fmt::print("seed {}\n", seed);
  int failed = 0, compared = 0;
  for (const Benchmark& benchmark : builtin_benchmarks()) {
    if (benchmark.check == nullptr) continue;
    if (options.filter && !std::regex_search(std::string(benchmark.name), *options.filter))
      continue;
    try {
      for (const CheckResult& result : benchmark.check(seed)) {
        ++compared;
        if (!result.passed()) ++failed;
        fmt::print("{}  {}: error {:.2e}, bound {:.0e}\n", result.passed() ? "ok    " : "FAILED",
                   result.what, result.error, result.bound);
      }
    } catch (const Unavailable& e) {
      fmt::print("gap     {}: {}\n", benchmark.name, e.what());
    } catch (const std::exception& e) {
      ++failed;
      fmt::print("FAILED  {}: {}\n", benchmark.name, e.what());
    }
  }
  fmt::print("{} comparisons, {} failed\n", compared, failed);
  return failed == 0 ? 0 : exit_failed;
}

void measure_launches(MeasurementLog& log, int sms) {
  if (log.has("launch_overhead")) return;
  const LaunchOverhead launches = measure_launch_overhead();
  MeasuredKernel row;
  row.kernel = "launch_overhead";
  row.library = "cuda";
  row.sms = sms;
  row.median = row.p10 = row.p90 = Seconds{launches.empty_us * 1e-6};
  row.samples = 1;
  log.append(row);
  if (!launches.no_chain.empty()) {
    fmt::print(stderr, "no gap between kernels: {}\n", launches.no_chain);
    return;
  }
  row.kernel = "kernel_gap";
  row.median = row.p10 = row.p90 =
      Seconds{std::max(launches.start_to_start_us - launches.short_us, 1e-3) * 1e-6};
  log.append(row);
}

int measure(const Options& options, const GpuInfo& gpu, const std::vector<Case>& cases) {
  // The GPU stays busy from case to case: its clock settles sooner than from rest.
  WarmUp warm_up;
  warm_up.settled_s = 0.2;
  GpuTimer timer(warm_up);
  CuptiCounters counters;
  const bool count = wants_counters(options) && counters.problem().empty();
  fmt::print(stderr, "{}\n", timer.describe());
  if (wants_counters(options) && !count) {
    fmt::print(stderr, "no counters: {}\n", counters.problem());
  }
  MeasuringSession session;
  session.gpu = gpu.name;
  session.driver = fmt::format("{} (CUDA {})", gpu.driver, gpu.driver_cuda);
  session.cuda = gpu.runtime_cuda;
  session.cupti = gpu.cupti;
  session.counters = count                        ? "read"
                     : counters.problem().empty() ? "not asked for"
                                                  : counters.problem();
  session.date = today();
  session.revision = source_revision;
  session.command = options.command;
  MeasurementLog log(options.output / profile_folder(gpu.accelerator) / "kernels.csv", session);
  if (std::ranges::find(options.suites, "ceilings") != options.suites.end() && !options.filter) {
    measure_launches(log, gpu.multiprocessors);
  }
  Instruments instruments{timer, {}, prove_writes};
  if (count) {
    instruments.count = [&](Workload& workload) -> std::optional<KernelCounters> {
      const auto counted = counters.count(workload);
      if (!counted) return std::nullopt;
      return KernelCounters{100 * counted->tensor_active, Bytes{counted->dram_read_bytes},
                            Bytes{counted->dram_written_bytes}};
    };
  }
  RunLimits limits;
  limits.budget_s = options.budget_s;
  limits.seed = seed_of(options);
  limits.counters_missing = count && options.counters == CounterMode::full;
  const RunOutcome done = run_cases(cases, instruments, limits, log, interrupted);
  fmt::print(stderr, "{} measured, {} were there, {} gaps, {} failed, {} left: {}\n", done.measured,
             done.already, done.unavailable, done.failed, done.left, log.file().string());
  if (done.interrupted) return exit_interrupted;
  return done.failed == 0 ? 0 : exit_failed;
}

int print_plans(const Options& options, int sms) {
  const auto rates = hopper::read_hopper_rates(data_file("profiles/data/hopper_sm.csv"));
  for (const int count : {sms, sms - communication_sms}) {
    std::vector<Operator> operators;
    for (const Case& c : cases_asked_for(options, sms)) {
      if (c.benchmark->library == "fleetwright" && c.sms == count) operators.push_back(c.op);
    }
    fmt::print("{}", plan_report(operators, count, rates, options.plans));
  }
  return 0;
}

int run(const Options& options) {
  if (!options.report.empty()) {
    fmt::print("{}", rate_report(read_measured_table(options.report)));
    return 0;
  }
  if (!options.compare.empty()) {
    fmt::print("{}", comparison_report(read_measured_table(options.compare),
                                       anchors_of(options.compare, data_file("profiles/data"))));
    return 0;
  }
  if (options.list || options.plans > 0) {
    // Without a GPU the SMs of an H100 stand in.
    const int sms = gpu_problem().empty() ? current_gpu().multiprocessors : 132;
    if (options.plans > 0) return print_plans(options, sms);
    for (const Case& c : cases_asked_for(options, sms)) fmt::print("{}\n", c.name());
    return 0;
  }
  if (const std::string problem = gpu_problem(); !problem.empty()) throw Error(problem);
  const GpuInfo gpu = current_gpu();
  fmt::print(stderr, "{} ({}), {} SMs, driver {}, CUDA {}\n", gpu.name, gpu.accelerator,
             gpu.multiprocessors, gpu.driver, gpu.runtime_cuda);
  for (const std::string& line : library_report()) fmt::print(stderr, "{}\n", line);
  if (options.check) return check(options);
  if (options.overlap) {
    fmt::print("{}", measure_overlap(gpu.multiprocessors, seed_of(options)));
    return 0;
  }
  const std::vector<Case> cases = cases_asked_for(options, gpu.multiprocessors);
  if (cases.empty()) throw Error("no case is left: see --list");
  return measure(options, gpu, cases);
}

}  // namespace
}  // namespace fleetwright::gpu

int main(int argc, char** argv) {
  using namespace fleetwright;
  const gpu::ParsedOptions parsed = gpu::parse_options(argc, argv);
  if (!parsed.options) return parsed.exit_code;
  std::signal(SIGINT, gpu::end_on_interrupt);
  try {
    return gpu::run(*parsed.options);
  } catch (const ScenarioError& e) {
    fmt::print(stderr, "{}", render(e.diagnostics()));
    return gpu::exit_input;
  } catch (const std::exception& e) {
    fmt::print(stderr, "fleetwright-profile: {}\n", e.what());
    return gpu::exit_failed;
  }
}
