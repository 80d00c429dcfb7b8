// Machines by the dozen are no dearer than by the piece: an hour of one GPU in a larger cluster of
// the same kind costs no more.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "planner/report.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

constexpr std::string_view money = R"(
[price]
rent = "$2.00 / h"
source = "a test"
[cost]
date = "2024-12"
regions = ["US"]
samples = 100
[power]
pue = 1.2
source = "a test"
)";

// The work of a node, so many times; the network has as many layers whatever its size.
Report report_of(const std::filesystem::path& file, int nodes, int layers) {
  const std::vector<std::string> size{fmt::format("cluster.accelerators={}", 8 * nodes),
                                      fmt::format("cluster.layers={}", layers),
                                      fmt::format("strategy.global_batch={}", 16 * nodes)};
  return make_report(read_scenario(file, size), AnalyticEstimator());
}

double usd_per_gpu_hour(const Report& report, std::string_view scope, std::string_view line) {
  const auto& lines = report.cost->scope(scope).lines;
  const auto at = std::ranges::find(lines, line, &CostLine::name);
  RC_ASSERT(at != lines.end());
  RC_ASSERT(at->typical > 0);
  return at->typical / report.total_gpu_hours;
}

RC_GTEST_PROP(GpuHours, AreNeverDearerInALargerCluster, ()) {
  const TemporaryFolder folder;
  const auto file = folder.write("scenario.toml", std::string(small_scenario) + std::string(money));
  const int nodes = *rc::gen::inRange(1, 9);
  const int times = *rc::gen::inRange(2, 5);
  const int layers = *rc::gen::inRange(2, 4);
  const Report few = report_of(file, nodes, layers);
  const Report many = report_of(file, nodes * times, layers);
  const std::vector<std::pair<std::string, std::string>> priced{
      {"rented", few.phases[0].name},
      {"owned", "servers"},
      {"owned", "network"},
      {"owned", "storage"},
      {"owned", "space in a data centre"}};
  for (const auto& [scope, line] : priced) {
    RC_ASSERT(usd_per_gpu_hour(many, scope, line) <=
              usd_per_gpu_hour(few, scope, line) * (1 + 1e-12));
  }
}

}  // namespace
}  // namespace fleetwright::testing
