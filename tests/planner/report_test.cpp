#include "planner/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "models/core/error.hpp"
#include "planner/output/report_json.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;

Report report_of(std::string_view text, const std::string& more = "") {
  const TemporaryFolder folder;
  const Scenario scenario = read_scenario(folder.write("scenario.toml", std::string(text) + more));
  return make_report(scenario, AnalyticEstimator());
}

TEST(Report, CountsGpuHoursOfPreTrainingFromStepsAndStepTime) {
  const Report r = report_of(small_scenario);
  const double steps = std::ceil(1e9 / (16 * 4096));
  ASSERT_EQ(r.phases.size(), 1U);
  EXPECT_NEAR(r.phases[0].gpu_hours, steps * r.step.time.si() * 8 / 3600, 1e-6);
  EXPECT_NEAR(r.gpu_hours_per_trillion_tokens, r.phases[0].gpu_hours * 1000, 1e-3);
  EXPECT_DOUBLE_EQ(r.total_gpu_hours, r.phases[0].gpu_hours);
}

TEST(Report, AsksNoMoreForAGpuHourOfMoreGpus) {
  double before = 2.00;
  for (int gpus = 8; gpus <= 1024; gpus *= 2) {
    const Report r = report_of(
        edited(small_scenario, {{"accelerators = 8", "accelerators = " + std::to_string(gpus)},
                                {"global_batch = 16", "global_batch = 1024"}}),
        "[price]\nrent = \"$2.00 / h\"\nsource = \"test\"\n");
    const double usd_per_hour = *r.rental_usd / r.total_gpu_hours;
    EXPECT_LE(usd_per_hour, before * (1 + 1e-12)) << gpus;
    before = usd_per_hour;
  }
}

TEST(Report, RatesAreFlopOverTimeAndGpus) {
  const Report r = report_of(small_scenario);
  const double tokens = 16.0 * 4096;
  EXPECT_NEAR(r.rates.tflops_per_gpu,
              r.model.training_flop_per_token * tokens / r.step.time.si() / 8 / 1e12, 1e-9);
  EXPECT_NEAR(r.rates.mfu, r.rates.tflops_per_gpu / 989.4, 1e-9);
  EXPECT_LT(r.rates.tflops_per_gpu_causal, r.rates.tflops_per_gpu);
  EXPECT_NEAR(r.rates.tokens_per_day, tokens / r.step.time.si() * 86400, 1);
}

// ISCA 2025, table 4: 432 and 385 TFLOP/s and MFU 43.73 % and 38.94 % at 19.926 s a step of 15,360
// sequences on 2,048 GPUs. The main model alone reproduces them; with the prediction module they
// would be 4 % higher.
TEST(Report, CountsFlopOfDeepSeekV3AsPublished) {
  const Scenario s = read_scenario("scenarios/deepseek-v3.toml", {"engine=analytic"});
  const Report r = make_report(s, AnalyticEstimator());
  const double per_gpu = 15360.0 * 4096 / 19.926 / 2048;
  EXPECT_NEAR(r.model.training_flop_per_token * per_gpu / 1e12, 432, 2);
  EXPECT_NEAR(r.model.training_flop_per_token_causal * per_gpu / 1e12, 385, 2);
  EXPECT_NEAR(r.model.training_flop_per_token * per_gpu / 989.4e12, 0.4373, 0.002);
  EXPECT_NEAR(r.model.training_flop_per_token_causal * per_gpu / 989.4e12, 0.3894, 0.002);
}

TEST(Report, CountsRecomputationAsHardwareFlop) {
  const Report r = report_of(small_scenario);
  ASSERT_TRUE(r.rates.hardware_tflops_per_gpu.has_value());
  // A third more, less the head, which is not computed again.
  EXPECT_GT(*r.rates.hardware_tflops_per_gpu / r.rates.tflops_per_gpu, 1.30);
  EXPECT_LT(*r.rates.hardware_tflops_per_gpu / r.rates.tflops_per_gpu, 4.0 / 3.0);
}

TEST(Report, AddsPhasesByRateOrAsPublished) {
  const Report r = report_of(small_scenario, R"(
[[phase]]
name = "longer"
tokens = "1 B tokens"
sequence_length = 32768
source = "a paper"

[[phase]]
name = "post-training"
gpu_hours = 25
source = "a blog"
)");
  ASSERT_EQ(r.phases.size(), 3U);
  // More attention a token at the same rate.
  EXPECT_GT(r.phases[1].gpu_hours, r.phases[0].gpu_hours);
  EXPECT_EQ(r.phases[1].provenance.kind, ProvenanceKind::assumed);
  EXPECT_THAT(r.phases[1].provenance.source, HasSubstr("at the rate of the pre-training step"));
  EXPECT_DOUBLE_EQ(r.phases[2].gpu_hours, 25);
  EXPECT_EQ(r.phases[2].provenance, (Provenance{ProvenanceKind::published, "a blog"}));
  EXPECT_DOUBLE_EQ(r.total_gpu_hours,
                   r.phases[0].gpu_hours + r.phases[1].gpu_hours + r.phases[2].gpu_hours);
}

TEST(Report, RentsAllGpuHours) {
  const Report without = report_of(small_scenario);
  EXPECT_FALSE(without.rental_usd.has_value());
  const Report r =
      report_of(small_scenario, "\n[price]\nrent = \"$2.00 / h\"\nsource = \"a list\"\n");
  EXPECT_NEAR(r.rental_usd.value(), 2 * r.total_gpu_hours, 1e-6);
}

TEST(Report, DrawsPowerOfServerAndFacility) {
  const Report r = report_of(small_scenario, R"(
[power]
pue = 1.2
server_factor = 1.5
carbon_g_per_kwh = 500
source = "assumed"
)");
  const double mwh = r.total_gpu_hours * 700 * 1.5 * 1.2 / 1e6;
  EXPECT_NEAR(r.energy->facility_mwh, mwh, 1e-9);
  EXPECT_NEAR(r.energy->co2_t.value(), mwh * 0.5, 1e-9);
}

TEST(Report, DrawsThePowerOfWhatTheStepDoes) {
  const Report r = report_of(small_scenario, R"(
[power]
pue = 1.2
source = "assumed"
)");
  const PowerDraw& draw = r.energy->draw.value();
  // Between a GPU that waits and one in matrix products all the time; a DGX H100 has 10.2 kW.
  EXPECT_GT(draw.gpu.si(), 0.21 * 700);
  EXPECT_LT(draw.gpu.si(), 700);
  EXPECT_NEAR(draw.host.si(), 0.55 * (10'200 / 8.0 - 700), 1e-9);
  EXPECT_NEAR(r.energy->step->si(), 8 * draw.training().si() * r.step.time.si(), 1e-3);
  EXPECT_NEAR(r.energy->facility_mwh, r.total_gpu_hours * draw.training().si() * 1.2 / 1e6, 1e-9);
}

TEST(Report, PaysIdlePowerWhileTheRunIsStopped) {
  const std::string power = "\n[power]\npue = 1.0\nsource = \"assumed\"\n";
  const std::string reliability = R"(
[reliability]
failures_per_node_day = 2
checkpoint_write = "30 s"
restart = "2 h"
source = "a paper"
)";
  const Report quiet = report_of(small_scenario, power);
  const Report stopped = report_of(small_scenario, power + reliability);
  const RunEstimate& run = stopped.run.estimate;
  EXPECT_GT(run.stopped, Seconds{});
  const PowerDraw& draw = stopped.energy->draw.value();
  const double joules = 8 * ((run.wall - run.stopped).si() * draw.training().si() +
                             run.stopped.si() * draw.idle().si());
  EXPECT_NEAR(stopped.energy->servers.si() / joules, 1, 1e-12);
  EXPECT_GT(stopped.energy->servers, quiet.energy->servers);
}

TEST(Report, HoldsClaimsAgainstItsOwnNumbers) {
  const Report r = report_of(small_scenario, R"(
[[phase]]
name = "post-training"
gpu_hours = 25
source = "a blog"

[[claim]]
quantity = "step.time_s"
value = 2
source = "a paper"

[[claim]]
quantity = "run.phases.post-training.gpu_hours + run.phases.1.gpu_hours"
value = 100
source = "a paper"

[[claim]]
quantity = "step.no_such_thing"
value = 1
source = "a paper"

[[claim]]
quantity = "strategy.schedule"
value = 1
source = "a paper"
)");
  ASSERT_EQ(r.claims.size(), 4U);
  EXPECT_NEAR(r.claims[0].predicted.value(), r.step.time.si(), 1e-9);
  EXPECT_NEAR(r.claims[0].difference().value(), r.step.time.si() / 2 - 1, 1e-9);
  EXPECT_DOUBLE_EQ(r.claims[1].predicted.value(), 50);
  EXPECT_DOUBLE_EQ(r.claims[1].difference().value(), -0.5);
  EXPECT_FALSE(r.claims[2].predicted.has_value());
  EXPECT_FALSE(r.claims[3].predicted.has_value());
}

TEST(Report, SaysWhatIsLackingWhenTheModelDoesNotFit) {
  try {
    static_cast<void>(report_of(dense_scenario));
    FAIL() << "405 B parameters on 16 GPUs a replica";
  } catch (const Infeasible& e) {
    EXPECT_THAT(e.what(), HasSubstr("out of memory: pipeline rank"));
    EXPECT_THAT(e.what(), HasSubstr("H100-SXM has 79.65 GiB"));
    EXPECT_THAT(e.what(), HasSubstr("are lacking"));
    EXPECT_THAT(e.what(), HasSubstr("help: the optimizer states weigh most: shard them "
                                    "(strategy.zero_stage = 1)"));
  }
}

TEST(Report, RefusesARunThatFailuresNeverLetEnd) {
  EXPECT_THROW(static_cast<void>(report_of(small_scenario, R"(
[reliability]
failures_per_node_day = 100
checkpoint_write = "10 min"
restart = "1 h"
source = "a bad day"
)")),
               Infeasible);
}

TEST(Report, PaysForTimeLostToFailures) {
  const Report r = report_of(small_scenario, R"(
[reliability]
failures_per_node_day = 0.5
checkpoint_write = "30 s"
restart = "15 min"
source = "a paper"
)");
  EXPECT_LT(r.run.estimate.goodput, 1);
  EXPECT_NEAR(r.phases[0].gpu_hours, r.run.estimate.wall.si() * 8 / 3600, 1e-6);
  EXPECT_GT(r.run.estimate.wall, r.run.estimate.training);
}

constexpr std::string_view pooled = R"(
[reliability]
failures = "pooled"
leave_out = ["llama3-405b"]
storage_bandwidth = "100 GB/s"
asynchronous = true
runs = 50
)";

TEST(Report, TakesFailuresOfOtherClusters) {
  const Report r = report_of(small_scenario, std::string(pooled));
  // One node at the geometric mean of three clusters.
  EXPECT_NEAR(r.run.estimate.time_between_failures->si() / 86400, 1 / 0.004074, 0.1);
  // 8.03 B parameters of 14 bytes over 100 GB/s; 8 GPUs share the state and copy at 48 GB/s.
  const CheckpointCost& c = r.run.reliability->checkpoint;
  EXPECT_NEAR(r.run.checkpoint->total.si(), 8.03e9 * 14, 1e9);
  EXPECT_NEAR(c.write.si(), 8.03e9 * 14 / 8 / 48e9, 0.01);
  EXPECT_GE(c.upload.si(), 8.03e9 * 14 / 100e9 - 0.01);
  ASSERT_TRUE(r.run.simulated.has_value());
  EXPECT_EQ(r.run.simulated->runs, 50);
}

TEST(Report, SaysTheSameOfTheSameSeed) {
  const TemporaryFolder folder;
  const Scenario scenario =
      read_scenario(folder.write("scenario.toml", std::string(small_scenario) + R"(
[reliability]
failures_per_node_day = 20
checkpoint_write = "2 s"
restart = "3 min"
source = "a bad week"
)"));
  const std::string once = report_json(make_report(scenario, AnalyticEstimator()));
  EXPECT_EQ(report_json(make_report(scenario, AnalyticEstimator())), once);
  Scenario other = scenario;
  other.reliability->seed = 2;
  EXPECT_NE(report_json(make_report(other, AnalyticEstimator())), once);
}

TEST(Report, PartsOfTheStepAddUpInTheDocumentToo) {
  const Report r = report_of(small_scenario);
  const double sum = *report_number(r,
                                    "step.compute_s + step.exposed_communication_s + "
                                    "step.bubble_s + step.optimizer_s");
  EXPECT_NEAR(sum, *report_number(r, "step.time_s"), 1e-6 * sum);
}

TEST(Report, TellsTheMemoryOfEveryPipelineRank) {
  const Scenario s = read_scenario("scenarios/deepseek-v3.toml", {"engine=analytic"});
  const Report r = make_report(s, AnalyticEstimator());
  double fullest = 0;
  for (int rank = 0; rank < 16; ++rank) {
    const auto of = [&](const std::string& part) {
      return *report_number(r, "memory.ranks." + std::to_string(rank) + "." + part + "_bytes");
    };
    EXPECT_EQ(of("capacity"), *report_number(r, "memory.capacity_bytes"));
    EXPECT_NEAR(
        of("weights") + of("gradients") + of("optimizer") + of("activations") + of("buffers"),
        of("peak"), 1e-6 * of("peak"));
    fullest = std::max(fullest, of("peak"));
  }
  EXPECT_EQ(fullest, *report_number(r, "memory.peak_bytes"));
  EXPECT_FALSE(report_number(r, "memory.ranks.16.peak_bytes"));
  // Embedding and head make the first rank unlike those between.
  EXPECT_NE(*report_number(r, "memory.ranks.0.weights_bytes"),
            *report_number(r, "memory.ranks.7.weights_bytes"));
}

}  // namespace
}  // namespace fleetwright::testing
