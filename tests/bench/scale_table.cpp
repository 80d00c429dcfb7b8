#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <optional>

#include "models/core/data_files.hpp"
#include "sim/analytic_run.hpp"
#include "sim/cluster_simulation.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "tests/bench/tables.hpp"

namespace fleetwright::bench {
namespace {

/// Of a process and what it started.
struct Usage {
  double cpu_s = 0;
  double peak_mib = 0;  // of the larger of the two
  bool ok = false;
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

/// In a process of its own, so that its memory and time are its own.
Usage measure(const StepSetup& setup, const Unfolding& unfolding) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    const AnalyticEstimator analytic;
    const SimulatedEstimator simulated;
    const bool alone = unfolding.granularity == Granularity::analytic;
    const Estimator& estimator = alone ? static_cast<const Estimator&>(analytic) : simulated;
    static_cast<void>(simulate_cluster(setup, unfolding, {}, estimator));
    ::_exit(0);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || ::wait4(child, &status, 0, &usage) < 0) return {};
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) / 1024.0,
          WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

Unfolding unfolded(Granularity granularity, bool noise) {
  Unfolding unfolding;
  unfolding.granularity = granularity;
  unfolding.all_columns = true;
  if (noise) {
    unfolding.variation.kernel_jitter = 0.02;
    unfolding.variation.experts.kind = ExpertSkew::Kind::normal;
    unfolding.variation.experts.deviation = 0.077;
  }
  return unfolding;
}

struct Row {
  const char* name;
  Granularity granularity;
  bool noise;
  int most_gpus;
};

void print_rows(const Row& row) {
  std::optional<Usage> before;
  for (int gpus = 2048; gpus <= row.most_gpus; gpus = gpus == 32768 ? 49152 : 2 * gpus) {
    const Usage usage = measure(deepseek_on(gpus).setup, unfolded(row.granularity, row.noise));
    if (!usage.ok) {
      fmt::print("  {:<32} {:>6}  failed\n", row.name, gpus);
      continue;
    }
    const double growth = gpus == 49152 ? 1.5 : 2;
    fmt::print("  {:<32} {:>6} {:>10.2f} {:>10.0f}", row.name, gpus, usage.cpu_s, usage.peak_mib);
    if (before) fmt::print("   n^{:.2f}", std::log(usage.cpu_s / before->cpu_s) / std::log(growth));
    fmt::print("\n");
    before = usage;
  }
}

}  // namespace

Scenario deepseek_on(int gpus) {
  const int dp = gpus / 16;
  return read_scenario(
      data_file("scenarios/deepseek-v3.toml"),
      {fmt::format("cluster.accelerators={}", gpus), fmt::format("strategy.dp={}", dp),
       fmt::format("strategy.global_batch={}", 120 * dp), "cluster.topology=\"fat-tree\""});
}

void print_scale_table() {
  fmt::print(
      "\nOne step of DeepSeek-V3, every GPU unfolded, 120 micro-batches a pipeline: the whole of "
      "it,\n"
      "from building the step to its report. CPU time of all processes; growth by the row "
      "before.\n\n"
      "  {:<32} {:>6} {:>10} {:>10}   growth\n",
      "granularity", "GPUs", "CPU s", "peak MiB");
  print_rows({"analytic", Granularity::analytic, false, 49152});
  print_rows({"coflow", Granularity::coflow, false, 49152});
  print_rows({"coflow, jitter and imbalance", Granularity::coflow, true, 49152});
  print_rows({"node pairs", Granularity::node, false, 2048});
  print_rows({"node pairs, jitter and imbalance", Granularity::node, true, 2048});
}

}  // namespace fleetwright::bench
