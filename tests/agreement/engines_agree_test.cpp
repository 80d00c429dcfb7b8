#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "sim/simgrid/simulated_estimator.hpp"
#include "tests/support/small_fabrics.hpp"

namespace fleetwright::testing {
namespace {

// The estimators promise 1e-6; both are exact up to rounding and SimGrid's time precision.
constexpr double tolerance = 1e-9;

double worst_difference(const StepProgram& program, const Fabric& fabric) {
  const Timeline analytic = AnalyticEstimator{}.run(program, fabric);
  const Timeline simulated = SimulatedEstimator{}.run(program, fabric);
  double worst = 0;
  for (std::size_t i = 0; i < analytic.size(); ++i) {
    const double end = analytic[i].end.si();
    worst = std::max(worst, std::abs(simulated[i].end.si() - end) / std::max(end, 1e-9));
    const double start_error = std::abs(simulated[i].start.si() - analytic[i].start.si());
    worst = std::max(worst, start_error / std::max(end, 1e-9));
  }
  return worst;
}

constexpr FabricShape one_node{.gpus = 8, .gpus_per_node = 8, .nics_per_node = 8};
constexpr FabricShape four_nodes{.gpus = 32, .gpus_per_node = 8, .nics_per_node = 8};
constexpr FabricShape many_nodes{.gpus = 256, .gpus_per_node = 8, .nics_per_node = 8};

Fabric two_leaves() { return make_leaf_fabric(many_nodes, 16); }

/// Kernels and sends by turns on each GPU of a ring; each send waits for a kernel and is waited for
/// by the next GPU.
StepProgram ring_of_sends(const Fabric& fabric, int rounds, Bytes bytes) {
  StepProgram program;
  const int gpus = fabric.shape().gpus;
  std::vector<TaskId> received;
  for (int gpu = 0; gpu < 2 * gpus; ++gpu) {
    program.add_lane({gpu / 2, gpu % 2 == 0 ? LaneKind::compute : LaneKind::pipeline});
  }
  for (int round = 0; round < rounds; ++round) {
    std::vector<TaskId> sent;
    for (int gpu = 0; gpu < gpus; ++gpu) {
      const auto lane = static_cast<std::uint32_t>(2 * gpu);
      const auto waits =
          round == 0 ? std::vector<TaskId>{} : std::vector{received[static_cast<std::size_t>(gpu)]};
      const Seconds work = (1.0 + 0.1 * (gpu * 7 % 5)) * 37_us;
      const TaskId done = program.add_task(kernel(lane, work), waits);
      const int next = (gpu + 1) % gpus;
      sent.push_back(program.add_task(
          kernel(lane + 1, fabric.latency(gpu, next), "send"), std::vector{done},
          std::vector{flow_between(fabric, gpu, next, bytes * (1.0 + 0.01 * gpu))}));
    }
    std::rotate(sent.begin(), sent.end() - 1, sent.end());
    received = sent;
  }
  return program;
}

/// 1F1B over one GPU of each node: forward sends on rail 0, backward sends on rail 1.
StepProgram pipeline(const Fabric& fabric, int micro_batches) {
  StepProgram program;
  const int ranks = fabric.nodes();
  const auto at = [&](int rank, int micro_batch) {
    return static_cast<std::size_t>(rank * micro_batches + micro_batch);
  };
  std::vector<TaskId> forward(at(ranks, 0));
  std::vector<TaskId> backward(at(ranks, 0));
  for (int rank = 0; rank < ranks; ++rank) {
    const auto lane = program.add_lane({rank, LaneKind::compute});
    const auto kernel_of = [&](int micro_batch, bool is_forward) {
      auto& tasks = is_forward ? forward : backward;
      tasks[at(rank, micro_batch)] =
          program.add_task(kernel(lane, is_forward ? 310_us : 640_us), {});
    };
    const int warm_up = std::min(ranks - rank - 1, micro_batches);
    for (int m = 0; m < warm_up; ++m) kernel_of(m, true);
    for (int m = warm_up; m < micro_batches; ++m) {
      kernel_of(m, true);
      kernel_of(m - warm_up, false);
    }
    for (int m = micro_batches - warm_up; m < micro_batches; ++m) kernel_of(m, false);
  }
  const auto send = [&](std::uint32_t lane, TaskId from, TaskId to, int gpu_from, int gpu_to) {
    const TaskId sent =
        program.add_task(kernel(lane, fabric.latency(gpu_from, gpu_to), "send"), std::vector{from},
                         std::vector{flow_between(fabric, gpu_from, gpu_to, 4_MiB)});
    program.add_dependency(to, sent);
  };
  for (int rank = 0; rank + 1 < ranks; ++rank) {
    const auto there = program.add_lane({rank, LaneKind::pipeline});
    const auto back = program.add_lane({rank + 1, LaneKind::pipeline});
    const int gpu = 8 * rank;
    for (int m = 0; m < micro_batches; ++m) {
      send(there, forward[at(rank, m)], forward[at(rank + 1, m)], gpu, gpu + 8);
      send(back, backward[at(rank + 1, m)], backward[at(rank, m)], gpu + 9, gpu + 1);
    }
  }
  return program;
}

/// Groups of nodes that exchange all with all at once, over NICs and leaf uplinks with weights.
StepProgram all_to_alls(const Fabric& fabric, int rounds) {
  StepProgram program;
  constexpr int nodes_per_group = 4;
  for (int group = 0; group < fabric.nodes() / nodes_per_group; ++group) {
    const auto lane = program.add_lane({group, LaneKind::collective});
    for (int round = 0; round < rounds; ++round) {
      std::vector<FlowSpec> flows;
      for (int rail = 0; rail < 8; ++rail) {
        FlowSpec& flow = flows.emplace_back();
        flow.bytes = 1.3_MB * (1 + rail + 0.37 * group);
        flow.from = flow.to = 8 * nodes_per_group * group + rail;
        for (int node = 0; node < nodes_per_group; ++node) {
          flow.uses.push_back({fabric.nic_out(flow.from + 8 * node), 3});
          flow.uses.push_back({fabric.nic_in(flow.from + 8 * node), 2});
        }
        if (!fabric.network().links().empty() && group % nodes_per_group == 0) {
          const auto up = fabric.network().way_up(fabric.nic_of(flow.from), 0);
          flow.uses.push_back({fabric.first_network_link() + up.front(), 7});
        }
      }
      program.add_task(kernel(lane, 12_us, "exchange"), {}, flows);
    }
  }
  return program;
}

TEST(EnginesAgree, OnRingsOfSends) {
  for (const FabricShape& shape : {one_node, four_nodes}) {
    const Fabric fabric = make_fabric(shape);
    EXPECT_LE(worst_difference(ring_of_sends(fabric, 20, 3_MB), fabric), tolerance);
    EXPECT_LE(worst_difference(ring_of_sends(fabric, 20, 500_B), fabric), tolerance);
  }
}

TEST(EnginesAgree, OnPipelines) {
  for (const Fabric& fabric : {make_fabric(four_nodes), two_leaves()}) {
    EXPECT_LE(worst_difference(pipeline(fabric, 2 * fabric.nodes()), fabric), tolerance);
  }
}

TEST(EnginesAgree, OnCollectivesOverManyLinks) {
  for (const Fabric& fabric : {make_fabric(four_nodes), two_leaves()}) {
    EXPECT_LE(worst_difference(all_to_alls(fabric, 10), fabric), tolerance);
  }
}

TEST(EnginesAgree, OnTransfersOfLessThanAByteBesideTerabytes) {
  const Fabric fabric = loose_links({1_GBps, 50_GBps, 1_GBps, 1_GBps});
  StepProgram program;
  for (LinkId link = 0; link < 4; ++link) {
    const auto lane = program.add_lane({static_cast<int>(link), LaneKind::data_parallel});
    const std::vector<Bytes> sizes{Bytes{0.75}, Bytes{1e13 / 3}, 0_B, Bytes{1e5 / 7}};
    for (LinkId turn = 0; turn < 4; ++turn) {
      const Bytes bytes = sizes[(link + turn) % 4];
      program.add_task(kernel(lane, 1_us), {}, std::vector<FlowSpec>{{bytes, {{link, 1}}, 0, 1}});
    }
  }
  EXPECT_LE(worst_difference(program, fabric), tolerance);
}

TEST(EnginesAgree, OnStepsOfDays) {
  // A kernel ends during each transfer, and its end takes the clock far ahead, to where the last
  // digit is larger: SimGrid must not miss it by that digit.
  const Fabric fabric = loose_links({1_GBps});
  for (int seed = 1; seed <= 50; ++seed) {
    StepProgram program;
    const auto compute = program.add_lane({0, LaneKind::compute});
    const auto transfers = program.add_lane({0, LaneKind::data_parallel});
    for (Bytes bytes{1e8 / seed}; bytes < Bytes{1e15}; bytes *= 3.1) {
      program.add_task(kernel(compute, bytes / 3_GBps), {});
      program.add_task(kernel(transfers, 1_us), {}, std::vector<FlowSpec>{{bytes, {{0, 1}}, 0, 0}});
    }
    EXPECT_LE(worst_difference(program, fabric), tolerance);
  }
}

TEST(EnginesAgree, OnNothing) {
  const Fabric fabric = make_fabric(one_node);
  EXPECT_TRUE(SimulatedEstimator{}.run(StepProgram{}, fabric).empty());
}

/// A DAG whose lanes have links of their own, so that nothing is ever shared.
StepProgram random_program(std::mt19937& random, const Fabric& fabric) {
  const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  StepProgram program;
  const int lanes = 1 + up_to(7);
  for (int lane = 0; lane < lanes; ++lane) program.add_lane({lane, LaneKind::compute});
  const int tasks = 1 + up_to(120);
  for (int task = 0; task < tasks; ++task) {
    const int lane = up_to(lanes - 1);
    std::vector<TaskId> after;
    for (int i = up_to(3); task > 0 && i > 0; --i) {
      after.push_back(static_cast<TaskId>(up_to(task - 1)));
    }
    std::vector<FlowSpec> flows;
    for (int rail = up_to(1) * up_to(4); rail > 0; --rail) {
      // Lane l owns rails 0 to 3 of the NICs of node l.
      const int gpu = 8 * lane + rail - 1;
      std::vector<LinkUse> uses{{fabric.nic_out(gpu), static_cast<std::uint32_t>(1 + up_to(4))}};
      if (up_to(1) == 1) uses.push_back({fabric.nic_in(gpu), 1});
      flows.push_back({Bytes{std::exp(up_to(20)) * up_to(3) / 7.0}, uses, gpu, gpu});
    }
    const Seconds delay{up_to(4) == 0 ? 0.0 : std::exp(-up_to(12)) / 3.0};
    program.add_task(kernel(static_cast<std::uint32_t>(lane), delay), after, flows);
  }
  return program;
}

RC_GTEST_PROP(EnginesAgree, OnRandomProgramsWithoutContention, ()) {
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  const Fabric fabric = make_fabric({.gpus = 64, .gpus_per_node = 8, .nics_per_node = 8});
  RC_ASSERT(worst_difference(random_program(random, fabric), fabric) <= tolerance);
}

}  // namespace
}  // namespace fleetwright::testing
