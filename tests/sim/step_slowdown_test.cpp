#include "sim/step_slowdown.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/checkpoint_cost.hpp"
#include "sim/program_builder.hpp"
#include "sim/step_replay.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

StepSetup pipelined() {
  StepSetup s = testing::moe_setup("H800-SXM", 64, 4);
  s.job.strategy.global_batch = s.job.strategy.dp * 16;
  return s;
}

TEST(StepReplay, AtFullSpeedIsTheAnalyticEngine) {
  for (const char* schedule : {"1f1b", "dualpipe"}) {
    StepSetup setup = pipelined();
    setup.job.strategy.schedule = schedule;
    const Fabric fabric = build_fabric(setup.cluster);
    const BuiltStep step = build_step(setup, fabric, *make_time_model(setup));
    const StepReplay replay(step.program, fabric.links());
    const Seconds analytic = estimate_step(setup, AnalyticEstimator()).time;
    EXPECT_EQ(replay.time(replay.full_link_speed(), replay.full_rank_speed()), analytic)
        << schedule;
  }
}

TEST(StepSlowdown, OneSlowGpuSlowsTheWholePipeline) {
  const StepSlowdown slowdown(pipelined());
  double worst = 1;
  for (int rank = 0; rank < 4; ++rank) {
    const double factor = slowdown.with_slow_gpu(rank, 1.1);
    EXPECT_GT(factor, 1) << rank;
    EXPECT_LE(factor, 1.1) << rank;
    EXPECT_GT(slowdown.with_slow_gpu(rank, 2.0), factor) << rank;
    worst = std::max(worst, factor);
  }
  EXPECT_GT(worst, 1.04);  // the rank with the output head, for which the others wait already
  EXPECT_EQ(slowdown.with_slow_gpu(0, 1.0), 1);
}

TEST(StepSlowdown, ASlowNicStretchesWhatWaitsForIt) {
  const StepSlowdown slowdown(pipelined());
  double before = 1;
  for (const double factor : {1.0, 2.0, 4.0, 8.0}) {
    const double now = slowdown.with_slow_nic(1, factor);
    EXPECT_GE(now, before) << factor;
    EXPECT_LE(now, factor) << factor;  // never more than all of the step
    before = now;
  }
  EXPECT_GT(before, 1.3);  // experts are spread over nodes
}

TEST(StepSlowdown, ANicInsideOneNodeMattersToNobody) {
  StepSetup one_node = testing::dense_setup("H100-SXM", 8);
  const StepSlowdown slowdown(one_node);
  EXPECT_EQ(slowdown.with_slow_nic(0, 8), 1);
  EXPECT_EQ(slowdown.with_network_shared(0.5), 1);
}

TEST(StepSlowdown, RecordsStrikeEachRankAlike) {
  const StepSetup setup = pipelined();
  const StepSlowdown slowdown(setup);
  const SlowRecord link{"link", Part::link, Hertz{1e-6}, SlowResource::network, 4, 3600_s, false};
  const std::vector<SlowCause> causes = slowdown.causes({link}, setup.cluster);
  ASSERT_EQ(causes.size(), 4U);
  Hertz rate;
  for (int rank = 0; rank < 4; ++rank) {
    const SlowCause& cause = causes[static_cast<std::size_t>(rank)];
    rate += cause.rate;
    EXPECT_EQ(cause.step_factor, slowdown.with_slow_nic(rank, 4));
  }
  EXPECT_NEAR(rate.si(), 64e-6, 1e-12);
}

TEST(CheckpointCost, HoldsWeightsMastersAndMoments) {
  StepSetup setup = testing::dense_setup("H100-SXM", 32);
  const CheckpointSize sharded = checkpoint_size(setup.job);
  EXPECT_EQ(sharded.writers, 32);
  setup.job.strategy.zero_stage = 0;
  const CheckpointSize replicated = checkpoint_size(setup.job);
  EXPECT_EQ(replicated.writers, 1);
  EXPECT_EQ(replicated.total, sharded.total);
  EXPECT_EQ(replicated.of_writer, sharded.total);
}

TEST(CheckpointCost, TakesTheSlowerOfStorageAndNetwork) {
  const StepSetup setup = testing::dense_setup("H100-SXM", 32);
  const CheckpointSize size = checkpoint_size(setup.job);
  CheckpointStorage storage;
  storage.bandwidth = 1_GBps;
  EXPECT_EQ(transfer_time(size, storage, setup.cluster), size.total / 1_GBps);
  storage.bandwidth = 1000_TBps;
  const BytesPerSecond nic = setup.cluster.nic.achievable_bandwidth.value;
  EXPECT_EQ(transfer_time(size, storage, setup.cluster), size.total / 32 / nic);
  storage.own_network = true;
  EXPECT_EQ(transfer_time(size, storage, setup.cluster), size.total / 1000_TBps);
}

TEST(CheckpointCost, AnUploadBehindTrainingSharesItsNetwork) {
  const StepSetup setup = pipelined();
  const StepSlowdown slowdown(setup);
  const CheckpointSize size = checkpoint_size(setup.job);
  CheckpointStorage storage;
  storage.bandwidth = 1000_TBps;
  storage.host_copy = 48_GBps;
  storage.asynchronous = true;
  const CheckpointCost shared = checkpoint_cost(size, storage, setup.cluster, &slowdown);
  const BytesPerSecond nic = setup.cluster.nic.achievable_bandwidth.value;
  EXPECT_EQ(shared.write, size.of_writer / 48_GBps);
  EXPECT_DOUBLE_EQ(shared.upload.si(), (2.0 * (size.of_writer / nic)).si());  // half of each NIC
  EXPECT_DOUBLE_EQ(shared.upload_drag, slowdown.with_network_shared(0.5));
  EXPECT_GT(shared.upload_drag, 1.01);
  // A slow storage takes little of the network, for longer.
  storage.bandwidth = 1_GBps;
  const CheckpointCost slow = checkpoint_cost(size, storage, setup.cluster, &slowdown);
  EXPECT_EQ(slow.upload, size.total / 1_GBps);
  EXPECT_LT(slow.upload_drag, shared.upload_drag);
  storage.own_network = true;
  EXPECT_EQ(checkpoint_cost(size, storage, setup.cluster, nullptr).upload_drag, 1);
}

}  // namespace
}  // namespace fleetwright
