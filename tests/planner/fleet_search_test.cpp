// Jobs that are spread over islands of unlike machines.

#include "planner/search/fleet_search.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "models/schedules/pipeline_schedule.hpp"
#include "planner/island_setups.hpp"
#include "planner/output/report_json.hpp"
#include "planner/search/island_replicas.hpp"
#include "planner/search/layer_dealing.hpp"
#include "sim/program_builder.hpp"
#include "tests/planner/scenario_text.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

// A model of 16 layers on 32 H100 and 64 A100, joined by as many links as the A100 have NICs.
Scenario two_islands() {
  Scenario scenario;
  scenario.name = "two islands";
  scenario.cluster_name = "h100";
  scenario.setup = testing::dense_setup("H100-SXM", 32);
  scenario.setup.job.model.layers = 16;
  scenario.setup.job.strategy.global_batch = 128;
  scenario.tokens = 1e9;
  const StepSetup a100 = testing::dense_setup("A100-SXM-80", 64);
  scenario.islands = {{"a100", a100.cluster, a100.stack, a100.job.precision, {}, {}, {}}};
  scenario.island_links = {{0, 1, BytesPerSecond{1.6e12}, Seconds{20e-6}}};
  return scenario;
}

PlanAnswer plan(const Scenario& scenario) {
  PlanQuestion question;
  question.best = 4;
  return search_fleet(scenario, question, AnalyticEstimator(), {});
}

TEST(FleetSearch, ConservesLayersAndSequences) {
  const Scenario scenario = two_islands();
  int mixed = 0;
  for (const Report& p : plan(scenario).plans) {
    if (p.islands.empty()) continue;
    ++mixed;
    int layers = 0, sequences = 0;
    for (const IslandReport& island : p.islands) {
      const auto& held = island.use.stage_layers;
      const int of_island = std::accumulate(held.begin(), held.end(), 0);
      layers += of_island;
      sequences += island.use.sequences;
      EXPECT_LE(island.use.used, island.accelerators);
      EXPECT_GE(island.idle() + 1e-9, island.use.idle);
      EXPECT_GE(island.use.idle, 0.0);
      EXPECT_LE(island.idle(), 1.0);
      EXPECT_LE(island.peak_memory, island.capacity);
      if (p.scenario.placement->mode == IslandMode::replicas) {
        // DualPipe holds it twice, once for each direction.
        EXPECT_TRUE(of_island == 16 || of_island == 32) << "each island has the whole model";
      } else {
        EXPECT_EQ(island.use.sequences, 128) << "each sequence passes through each island";
      }
    }
    if (p.scenario.placement->mode == IslandMode::pipeline) {
      EXPECT_EQ(layers, 16);
    } else {
      EXPECT_EQ(sequences, 128);
    }
  }
  EXPECT_GE(mixed, 2);
}

TEST(FleetSearch, HoldsRanksToTheMemoryOfTheirIsland) {
  Scenario scenario = two_islands();
  scenario.islands[0].cluster.accelerator.memory_capacity.value = Bytes{64e9};
  int mixed = 0;
  for (const Report& p : plan(scenario).plans) {
    for (const IslandReport& island : p.islands) {
      double fullest = 0;
      for (int i = 0; i < island.use.ranks; ++i) {
        const std::string path = fmt::format("memory.ranks.{}.", island.use.first_rank + i);
        EXPECT_EQ(*report_number(p, path + "capacity_bytes"), island.capacity.si());
        fullest = std::max(fullest, *report_number(p, path + "peak_bytes"));
      }
      EXPECT_NEAR(fullest, island.peak_memory.si(), 1);
      ++mixed;
    }
  }
  EXPECT_GE(mixed, 2);
}

// Work over time is the sum of what the islands do alone at best, and mixing must get near it.
TEST(FleetSearch, MixedPlansBeatTheBestIslandOverAFastLink) {
  const PlanAnswer answer = plan(two_islands());
  const Report& best = answer.plans[answer.best];
  EXPECT_FALSE(best.islands.empty()) << "the fastest plan uses both islands";
  double alone = 0;
  for (const Report& p : answer.plans) {
    if (p.islands.empty()) alone += 1 / p.step.time.si();
  }
  EXPECT_LE(1 / best.step.time.si(), alone * 1.001);
}

TEST(FleetSearch, DoesNotMixOverASlowLink) {
  Scenario scenario = two_islands();
  scenario.island_links.front().bandwidth = BytesPerSecond{1e6};
  const PlanAnswer answer = plan(scenario);
  EXPECT_TRUE(answer.plans[answer.best].islands.empty());
}

TEST(FleetSearch, TakesIslandsAloneWhereThereIsNoLink) {
  Scenario scenario = two_islands();
  scenario.island_links.clear();
  for (const Report& p : plan(scenario).plans) EXPECT_TRUE(p.islands.empty());
}

double fastest(const PlanAnswer& answer, const std::function<bool(const Report&)>& wanted) {
  double least = HUGE_VAL;
  for (const Report& p : answer.plans) {
    if (wanted(p)) least = std::min(least, p.step.time.si());
  }
  return least;
}

// Splitting an island in two that are joined by a link without limits changes next to nothing, with
// the strategies that islands can share: gradients are exchanged twice, in the islands and between.
TEST(FleetSearch, OfTwoHalvesFindsWhatTheWholeFinds) {
  Scenario whole = two_islands();
  whole.islands.clear();
  whole.setup.cluster.topology = "single-switch";
  whole.setup.cluster.switch_ports = 1024;
  PlanQuestion many;
  many.best = 24;
  const PlanAnswer best = search_plans(whole, many, AnalyticEstimator(), {});
  Scenario halves = whole;
  halves.setup.cluster.gpus = 16;
  halves.islands = {
      {"other", halves.setup.cluster, halves.setup.stack, halves.setup.job.precision, {}, {}, {}}};
  halves.island_links = {{0, 1, BytesPerSecond{1e30}, Seconds{0}}};
  const PlanAnswer both = plan(halves);
  const auto strategy = [](const Report& p) { return p.scenario.setup.job.strategy; };
  const double sharded = fastest(best, [&](const Report& p) { return strategy(p).zero_stage < 3; });
  EXPECT_LE(both.plans[both.best].step.time.si() / sharded, 1.03);
  const double v = fastest(best, [&](const Report& p) { return strategy(p).schedule == "zb-v"; });
  const double split = fastest(both, [](const Report& p) {
    return p.scenario.placement && p.scenario.placement->mode == IslandMode::pipeline;
  });
  EXPECT_LE(split / v, 1.001) << "of all pipelines that halves can share zb-v is the fastest";
}

RC_GTEST_PROP(LayerDealing, KeepsAllLayersAndTheRoomOfRanks, ()) {
  const int ranks = *rc::gen::inRange(1, 9);
  const int layers = *rc::gen::inRange(1, 40);
  PipelinePlan plan;
  plan.stages = ranks;
  std::vector<RankSpeed> speeds;
  int room = 0;
  for (int rank = 0; rank < ranks; ++rank) {
    plan.stages_of_rank.push_back({rank});
    const double each = *rc::gen::inRange(1, 10);
    const int most = *rc::gen::inRange(0, 12);
    room += most;
    speeds.push_back({each / 2, each, 0.5, 1.5, most});
  }
  const auto dealt = deal_layers(plan, speeds, layers, 2);
  RC_ASSERT(dealt.has_value() == (room >= layers));
  if (!dealt) return;
  RC_ASSERT(std::accumulate(dealt->begin(), dealt->end(), 0) == layers);
  for (int rank = 0; rank < ranks; ++rank) {
    const auto at = static_cast<std::size_t>(rank);
    RC_ASSERT((*dealt)[at] >= 0 && (*dealt)[at] <= speeds[at].most_layers);
  }
}

TEST(LayerDealing, GivesLayersInProportionToSpeed) {
  PipelinePlan plan;
  plan.stages = 2;
  plan.stages_of_rank = {{0}, {1}};
  const auto dealt = deal_layers(plan, {{1, 1, 0, 0, 99}, {3, 3, 0, 0, 99}}, 16, 0);
  ASSERT_TRUE(dealt);
  EXPECT_EQ(*dealt, (std::vector<int>{12, 4}));
}

// A batch of 128 divides over 96 in more ways than over 104, and over 64 in more still.
TEST(WorkableSizes, PreferSmoothOnesAndAreLookedAtBesideTheWhole) {
  StepSetup setup = testing::dense_setup("H100-SXM", 104);
  setup.job.strategy.global_batch = 128;
  EXPECT_EQ(workable_sizes(setup, 1), std::vector<int>{96});
  EXPECT_EQ(sizes_to_look_at(setup, 1), (std::vector<int>{96, 104}));
}

// Of each size of whole nodes by itself, the plan of the island is no slower than the fastest, and
// uses as many: none is left idle for the sake of a round number.
TEST(FleetSearch, LeavesNoneIdleWhereAllAreFaster) {
  for (const int gpus : {24, 40, 56}) {
    Scenario island = two_islands();
    island.islands.clear();
    island.island_links.clear();
    island.setup.job.model.layers = 8;
    island.setup.cluster.gpus = gpus;
    island.setup.job.strategy.global_batch = 8 * gpus;
    const PlanAnswer answer = plan(island);
    const Report& best = answer.plans[answer.best];
    EXPECT_EQ(best.scenario.setup.cluster.gpus, gpus);
    PlanQuestion each;
    each.best = 1;
    for (int smaller = 8; smaller < gpus; smaller += 8) {
      each.accelerators = {smaller};
      try {
        const PlanAnswer of_size = search_plans(island, each, AnalyticEstimator(), {});
        EXPECT_GT(of_size.plans.front().step.time, best.step.time) << smaller << " of " << gpus;
      } catch (const Infeasible&) {
        continue;  // nothing fits on so few
      }
    }
  }
}

TEST(WorkableSizes, AreNotLargerThanTheIsland) {
  const StepSetup setup = testing::dense_setup("H100-SXM", 24);
  for (const int size : workable_sizes(setup, 8)) {
    EXPECT_LE(size, 24);
    EXPECT_EQ(size % 8, 0);
  }
}

}  // namespace
}  // namespace fleetwright
