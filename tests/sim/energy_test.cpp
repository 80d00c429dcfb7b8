#include "sim/energy.hpp"

#include <gtest/gtest.h>

#include "models/core/data_files.hpp"
#include "models/core/toml_document.hpp"
#include "profiles/hardware_data.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

const Accelerator& h100() { return hardware_data().accelerators.at("H100-SXM"); }

TEST(PowerCurve, RisesFromIdleToMatrixProducts) {
  for (const auto& [id, accelerator] : hardware_data().accelerators) {
    const PowerCurve& c = power_curve_of(accelerator);
    EXPECT_LT(c.idle.value, c.waiting.value) << id;
    EXPECT_LT(c.waiting.value, c.communicating.value) << id;
    EXPECT_LT(c.communicating.value, c.memory_bound.value) << id;
    EXPECT_LT(c.memory_bound.value, c.compute_bound.value) << id;
    EXPECT_LE(c.compute_bound.value, 1) << id;
  }
}

TEST(PowerCurve, NamesKnownSources) {
  const TomlMap sources = parse_toml_file(data_file("profiles/data/sources.toml"));
  for (const auto& [id, c] : read_power_curves(data_file("profiles/data/power.toml"))) {
    for (const auto& value :
         {c.idle, c.waiting, c.communicating, c.memory_bound, c.compute_bound, c.host}) {
      EXPECT_NE(sources.find(value.provenance.source), nullptr) << id;
    }
  }
}

TEST(PowerCurve, NoNodeDrawsMoreThanItsNameplate) {
  for (const auto& [id, a] : hardware_data().accelerators) {
    if (!a.tdp || !a.node_power_max) continue;
    const StepPhases busy{1_s, Seconds{}, Seconds{}, Seconds{}};
    const PowerDraw draw = power_draw(busy, a).value();
    EXPECT_LE(draw.training() * a.scale_up_domain.value, a.node_power_max->value * (1 + 1e-12))
        << id;
  }
}

TEST(PowerDraw, IsTheMeanOfWhatTheGpuDoes) {
  const StepPhases phases{4_s, 3_s, 2_s, 1_s};
  const PowerCurve& c = power_curve_of(h100());
  const double mean = (4 * c.compute_bound.value + 3 * c.memory_bound.value +
                       2 * c.communicating.value + c.waiting.value) /
                      10;
  EXPECT_NEAR(power_draw(phases, h100())->gpu.si(), 700 * mean, 1e-9);
}

TEST(PowerDraw, IsUnknownWithoutATdp) {
  Accelerator unknown = h100();
  unknown.tdp.reset();
  EXPECT_FALSE(power_draw({1_s, 1_s, 1_s, 1_s}, unknown).has_value());
}

TEST(StepPhases, AddUpToTheStep) {
  StepSetup setup = testing::moe_setup("H800-SXM", 64, 4);
  setup.job.strategy.global_batch = setup.job.strategy.dp * 16;
  for (const char* schedule : {"1f1b", "dualpipe"}) {
    setup.job.strategy.schedule = schedule;
    const StepEstimate step = estimate_step(setup, AnalyticEstimator());
    EXPECT_NEAR(step.phases.time() / step.time, 1, 1e-9) << schedule;
    EXPECT_GT(step.phases.compute_bound, step.phases.memory_bound) << schedule;
    EXPECT_GT(step.phases.memory_bound, Seconds{}) << schedule;
    EXPECT_GT(step.phases.waiting, Seconds{}) << schedule;
  }
}

TEST(RunEnergy, PaysTrainingAndIdlePower) {
  RunEstimate run;
  run.wall = 100_s;
  run.stopped = 30_s;
  const PowerDraw draw{Watts{600}, Watts{100}, Watts{300}};
  EXPECT_EQ(run_energy(draw, run, 2).si(), 2 * (70 * 900.0 + 30 * 400.0));
}

}  // namespace
}  // namespace fleetwright
