#include <gtest/gtest.h>

#include <tuple>

#include "sim/program_builder.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/isolated_links.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

/// Cluster size, schedule, and whether the model has experts.
using Case = std::tuple<int, std::string, bool>;

class SchedulesAgree : public ::testing::TestWithParam<Case> {};

StepSetup setup_of(const Case& c) {
  const auto& [gpus, schedule, moe] = c;
  constexpr int pp = 4;
  StepSetup s =
      moe ? testing::moe_setup("H800-SXM", gpus, pp) : testing::dense_setup("H800-SXM", gpus);
  s.job.strategy.pp = pp;
  s.job.strategy.dp = gpus / pp;
  testing::set_schedule(s, schedule);
  s.job.strategy.global_batch = s.job.strategy.dp * 16;
  return s;
}

void expect_agreement(const StepSetup& s) {
  const Fabric shared = build_fabric(s.cluster);
  const auto times = make_time_model(s);
  const BuiltStep step = build_step(s, shared, *times);
  const auto [program, fabric] = testing::isolate(step.program, shared);
  ASSERT_GT(program.tasks().size(), 200U);
  const Timeline analytic = AnalyticEstimator().run(program, fabric);
  const Timeline simulated = SimulatedEstimator().run(program, fabric);
  ASSERT_EQ(analytic.size(), simulated.size());
  for (TaskId t = 0; t < analytic.size(); ++t) {
    ASSERT_NEAR(simulated[t].end.si(), analytic[t].end.si(), 1e-6 * analytic[t].end.si())
        << program.describe(t);
  }
  // Alone on its links a transfer takes as long as on shared ones that are free.
  const Timeline original = AnalyticEstimator().run(step.program, shared);
  for (TaskId t = 0; t < analytic.size(); ++t) {
    ASSERT_DOUBLE_EQ(analytic[t].end.si(), original[t].end.si()) << program.describe(t);
  }
}

TEST_P(SchedulesAgree, OnEveryTaskWithoutContention) { expect_agreement(setup_of(GetParam())); }

TEST_P(SchedulesAgree, WithTheEmbeddingAloneOnTheFirstStageAndAnEmptyOne) {
  StepSetup s = setup_of(GetParam());
  s.job.strategy.stage_layers =
      s.job.strategy.vpp == 1 ? std::vector{0, 4, 0, 4} : std::vector{0, 2, 1, 0, 0, 2, 2, 1};
  expect_agreement(s);
}

TEST_P(SchedulesAgree, SimulatingContentionIsNeverFaster) {
  const StepSetup s = setup_of(GetParam());
  const double analytic = estimate_step(s, AnalyticEstimator()).time.si();
  const double simulated = estimate_step(s, SimulatedEstimator()).time.si();
  EXPECT_GE(simulated, analytic * (1 - 1e-9));
}

INSTANTIATE_TEST_SUITE_P(ThreeClusters, SchedulesAgree,
                         ::testing::Combine(::testing::Values(8, 32, 128),
                                            ::testing::ValuesIn(names_of(builtin_schedules())),
                                            ::testing::Bool()),
                         [](const ::testing::TestParamInfo<Case>& test) {
                           std::string name = std::get<1>(test.param);
                           std::erase(name, '-');
                           name += std::get<2>(test.param) ? "Experts" : "Dense";
                           return name + "On" + std::to_string(std::get<0>(test.param));
                         });

}  // namespace
}  // namespace fleetwright
