#include <fmt/format.h>
#include <gtest/gtest.h>

#include <tuple>

#include "sim/program_builder.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/isolated_links.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

using Case = std::tuple<std::string, Routing>;

class TopologiesAgree : public ::testing::TestWithParam<Case> {};

/// 16 nodes below switches of 16 ports, a pipeline of two whose experts reach over a leaf.
StepSetup setup_of(const Case& c, bool thin) {
  StepSetup s = testing::moe_setup("H800-SXM", 128, 2);
  s.job.strategy.schedule = "1f1b";
  s.job.strategy.global_batch = s.job.strategy.dp * 4;
  s.cluster.topology = std::get<0>(c);
  s.cluster.routing = std::get<1>(c);
  s.cluster.switch_ports = 16;
  s.cluster.data_centres = {thin ? 2 : 1, BytesPerSecond{20e9}, Seconds{1e-3}};
  const bool has_uplinks = s.cluster.topology.ends_with("fat-tree");
  if (thin && has_uplinks) s.cluster.oversubscription = 3;
  return s;
}

TEST_P(TopologiesAgree, OnEveryTaskWithoutContention) {
  for (const bool thin : {false, true}) {
    const StepSetup s = setup_of(GetParam(), thin);
    ASSERT_FALSE(refuses_wiring(s.cluster).has_value());
    const Fabric shared = build_fabric(s.cluster);
    const auto times = make_time_model(s);
    const BuiltStep step = build_step(s, shared, *times);
    const auto [program, fabric] = testing::isolate(step.program, shared);
    ASSERT_GT(program.tasks().size(), 200U);
    const Timeline analytic = AnalyticEstimator().run(program, fabric);
    const Timeline simulated = SimulatedEstimator().run(program, fabric);
    for (TaskId t = 0; t < analytic.size(); ++t) {
      ASSERT_NEAR(simulated[t].end.si(), analytic[t].end.si(), 1e-6 * analytic[t].end.si())
          << program.describe(t);
    }
    const Timeline original = AnalyticEstimator().run(step.program, shared);
    for (TaskId t = 0; t < analytic.size(); ++t) {
      ASSERT_DOUBLE_EQ(analytic[t].end.si(), original[t].end.si()) << program.describe(t);
    }
  }
}

TEST_P(TopologiesAgree, ThatThinLinksMakeAStepLonger) {
  const StepSetup wide = setup_of(GetParam(), false);
  const StepSetup thin = setup_of(GetParam(), true);
  EXPECT_GT(estimate_step(thin, AnalyticEstimator()).time,
            estimate_step(wide, AnalyticEstimator()).time);
  EXPECT_GT(estimate_step(thin, SimulatedEstimator()).time,
            estimate_step(wide, SimulatedEstimator()).time);
}

TEST_P(TopologiesAgree, ThatContentionIsNeverFaster) {
  const StepSetup s = setup_of(GetParam(), true);
  const double analytic = estimate_step(s, AnalyticEstimator()).time.si();
  EXPECT_GE(estimate_step(s, SimulatedEstimator()).time.si(), analytic * (1 - 1e-9));
}

INSTANTIATE_TEST_SUITE_P(AllRows, TopologiesAgree,
                         ::testing::Combine(::testing::ValuesIn(names_of(builtin_topologies())),
                                            ::testing::Values(Routing::adaptive, Routing::ecmp,
                                                              Routing::fixed)),
                         [](const ::testing::TestParamInfo<Case>& test) {
                           std::string name = fmt::format("{}_{}", std::get<0>(test.param),
                                                          to_string(std::get<1>(test.param)));
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace fleetwright
