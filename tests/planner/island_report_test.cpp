// What a job that is spread over islands draws, fails and costs, island by island.

#include "planner/island_report.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "planner/output/plan_formats.hpp"
#include "planner/output/report_json.hpp"
#include "planner/search/fleet_search.hpp"
#include "tests/planner/scenario_text.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

constexpr Hertz per_node_day{1 / 86400.0};

// Failures of nodes and GPUs, slow GPUs, and planned stops of the whole job.
ReliabilitySettings failures(double per_node) {
  ReliabilitySettings r;
  r.stops = {{"node", Part::node, std::nullopt, per_node_day * per_node, true, false},
             {"memory", Part::gpu, std::nullopt, per_node_day * (per_node / 20), true, false},
             {"maintenance", Part::job, std::nullopt, per_node_day * 0.5, false, true}};
  r.slowdowns = {{"slow GPU", Part::gpu, per_node_day * (per_node / 10), SlowResource::compute, 1.3,
                  Seconds{7200}, true}};
  r.detection = Seconds{180};
  r.restart = Seconds{600};
  r.repair = Seconds{86400};
  r.checkpoint_write = Seconds{20};
  return r;
}

Scenario with_run(Scenario scenario) {
  scenario.tokens = 2e11;
  scenario.pue = {1.25, {ProvenanceKind::assumed, "test"}};
  scenario.carbon_g_per_kwh = {500.0, {ProvenanceKind::assumed, "test"}};
  scenario.rent = {UsdPerSecond{2.0 / 3600}, {ProvenanceKind::published, "test"}};
  return scenario;
}

// A pipeline of 32 H100, as one cluster whose network makes no difference of ways.
Scenario one_cluster(const std::string& schedule, int pp, int micro_batches) {
  Scenario s;
  s.name = "whole";
  s.cluster_name = "east";
  s.setup = testing::dense_setup("H100-SXM", 32);
  s.setup.cluster.topology = "single-switch";
  s.setup.cluster.switch_ports = 1024;
  testing::set_schedule(s.setup, schedule);
  ParallelStrategy& strategy = s.setup.job.strategy;
  strategy.pp = pp;
  strategy.dp = 32 / pp;
  strategy.micro_batch = 1;
  strategy.global_batch = micro_batches * strategy.dp;
  const int stages = schedule.ends_with("-v") ? 2 * pp : pp;
  s.setup.job.model.layers = 2 * stages;
  strategy.stage_layers.assign(static_cast<std::size_t>(stages), 2);
  return with_run(s);
}

// The same in two halves of the pipeline, with nothing between them.
Scenario halves_of(const Scenario& whole) {
  Scenario s = whole;
  IslandJob job;
  job.mode = IslandMode::pipeline;
  job.links = {{0, 1, BytesPerSecond{1e30}, Seconds{0}}};
  for (const char* name : {"east", "west"}) {
    IslandPart part{name, whole.setup};
    part.setup.cluster.gpus /= 2;
    part.setup.job.strategy.pp /= 2;
    job.parts.push_back(part);
  }
  s.setup = job.parts.front().setup;
  s.islands = {{"west", s.setup.cluster, s.setup.stack, s.setup.job.precision, whole.rent, {}, {}}};
  s.placement = job;
  return s;
}

void expect_near(double a, double b) {
  RC_ASSERT(std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)));
}

RC_GTEST_PROP(IslandReport, OfEqualHalvesIsThatOfTheWhole, ()) {
  const std::string schedule =
      *rc::gen::element<std::string>("1f1b", "zb-h1", "zb-v", "dualpipe-v");
  Scenario whole = one_cluster(schedule, *rc::gen::element(4, 8), *rc::gen::element(16, 20, 24));
  whole.reliability = failures(*rc::gen::inRange(0, 20) / 1000.0);
  if (*rc::gen::arbitrary<bool>()) {
    whole.reliability->checkpoint_write.reset();
    whole.reliability->storage = CheckpointStorage{BytesPerSecond{1e9}, BytesPerSecond{2e10}};
  }
  const Report expected = make_report(whole, AnalyticEstimator());
  const Report halves = make_report(halves_of(whole), AnalyticEstimator());
  const RunEstimate &a = halves.run.estimate, &b = expected.run.estimate;
  expect_near(halves.step.time.si(), expected.step.time.si());
  expect_near(halves.energy->servers.si(), expected.energy->servers.si());
  expect_near(halves.energy->facility_mwh, expected.energy->facility_mwh);
  expect_near(halves.energy->step->si(), expected.energy->step->si());
  expect_near(*halves.energy->co2_t, *expected.energy->co2_t);
  expect_near(*a.failures_expected, *b.failures_expected);
  expect_near(*a.planned_expected, *b.planned_expected);
  expect_near(a.wall.si(), b.wall.si());
  expect_near(a.goodput, b.goodput);
  expect_near(a.ettr, b.ettr);
  expect_near(*halves.rental_usd, *expected.rental_usd);
  RC_ASSERT(a.checkpoint_interval == b.checkpoint_interval);
}

// 32 H100 and 64 A100, mixed in all the ways that a plan looks at.
Scenario two_islands() {
  Scenario s;
  s.name = "two islands";
  s.cluster_name = "h100";
  s.setup = testing::dense_setup("H100-SXM", 32);
  s.setup.job.model.layers = 16;
  s.setup.job.strategy.global_batch = 128;
  const StepSetup a100 = testing::dense_setup("A100-SXM-80", 64);
  s.islands = {{"a100",
                a100.cluster,
                a100.stack,
                a100.job.precision,
                Sourced<UsdPerSecond>{UsdPerSecond{1.25 / 3600}, {}},
                {},
                {}}};
  s.island_links = {{0, 1, BytesPerSecond{1.6e12}, Seconds{20e-6}}};
  s = with_run(s);
  s.reliability = failures(0.006);
  return s;
}

PlanAnswer plan(const Scenario& scenario) {
  PlanQuestion question;
  question.best = 4;
  return search_fleet(scenario, question, AnalyticEstimator(), {});
}

std::vector<Report> mixed(const PlanAnswer& answer) {
  std::vector<Report> plans;
  for (const Report& p : answer.plans) {
    if (!p.islands.empty()) plans.push_back(p);
  }
  return plans;
}

double sum_of(const Report& plan, const std::string& key) {
  double sum = 0;
  for (const IslandReport& island : plan.islands) {
    sum += report_number(plan, fmt::format("cluster.islands.{}.{}", island.name, key)).value();
  }
  return sum;
}

TEST(IslandReport, SharesAddUpToTheWhole) {
  const std::vector<Report> plans = mixed(plan(two_islands()));
  ASSERT_GE(plans.size(), 2U);
  for (const Report& p : plans) {
    for (const char* key : {"facility_mwh", "servers_mwh", "step_j", "co2_t"}) {
      const std::string path = std::string("energy.") + key;
      EXPECT_NEAR(sum_of(p, path) / *report_number(p, path), 1, 1e-9) << path;
    }
    EXPECT_NEAR(sum_of(p, "rental_usd") / *p.rental_usd, 1, 1e-9);
    EXPECT_NEAR(sum_of(p, "failures_expected") / *p.run.estimate.failures_expected, 1, 1e-9);
    const double rate = p.run.reliability->failure_rate().si() * 86400;
    EXPECT_NEAR(sum_of(p, "failures_per_day") / rate, 1, 1e-9);
    double parameters = 0;
    for (const IslandReport& island : p.islands) parameters += island.use.parameters;
    const bool replicas = p.scenario.placement->mode == IslandMode::replicas;
    EXPECT_NEAR(parameters / p.model.parameters_total, replicas ? 2 : 1, 1e-9);
    // Planned stops are of the whole job, once.
    EXPECT_NEAR(p.run.reliability->planned_rate().si() * 86400, 0.5, 1e-12);
  }
}

TEST(IslandReport, EachIslandDrawsWhatItsOwnAcceleratorDoes) {
  Scenario scenario = two_islands();
  const PlanAnswer answer = plan(scenario);
  for (const Report& p : mixed(answer)) {
    for (std::size_t i = 0; i < p.islands.size(); ++i) {
      const IslandReport& island = p.islands[i];
      const Accelerator& a = p.scenario.placement->parts[i].setup.cluster.accelerator;
      const PowerDraw draw = power_draw(island.use.phases, a).value();
      EXPECT_EQ(island.energy->draw->gpu, draw.gpu);
      EXPECT_NEAR(island.energy->servers / run_energy(draw, p.run.estimate, island.use.used), 1,
                  1e-9);
    }
    // A hotter A100 is the A100's bill alone.
    Scenario hotter = p.scenario;
    for (IslandPart& part : hotter.placement->parts) {
      if (part.name == "a100") part.setup.cluster.accelerator.tdp->value *= 2;
    }
    const Report after = make_report(hotter, AnalyticEstimator());
    for (std::size_t i = 0; i < p.islands.size(); ++i) {
      const double ratio = after.islands[i].energy->servers / p.islands[i].energy->servers;
      if (p.islands[i].name == "a100") {
        EXPECT_GT(ratio, 1.1);  // the hosts stay as they are
      } else {
        EXPECT_NEAR(ratio, 1, 1e-9);
      }
    }
  }
}

TEST(IslandReport, EachIslandFailsAsItsOwnRecordsSay) {
  const Scenario scenario = two_islands();
  const Report before = mixed(plan(scenario)).front();
  Scenario worse = before.scenario;
  worse.islands.front().failures = failures(0.06);
  const Report after = make_report(worse, AnalyticEstimator());
  for (std::size_t i = 0; i < before.islands.size(); ++i) {
    const double ratio = *after.islands[i].failures_per_day / *before.islands[i].failures_per_day;
    EXPECT_NEAR(ratio, before.islands[i].name == "a100" ? 10 : 1, 1e-9);
  }
  EXPECT_LT(after.run.estimate.goodput, before.run.estimate.goodput);
  EXPECT_GT(*after.run.estimate.failures_expected, *before.run.estimate.failures_expected);
}

// A spare of one kind does not stand in for a node of another.
TEST(IslandReport, SparesAreOfTheirIsland) {
  Scenario scenario = mixed(plan(two_islands())).front().scenario;
  scenario.reliability->spare_nodes = 0;
  const Report both = make_report(scenario, AnalyticEstimator());
  scenario.islands.front().failures = failures(0);
  const Report one = make_report(scenario, AnalyticEstimator());
  EXPECT_GT(one.run.estimate.waiting_fraction, 0);
  EXPECT_GT(both.run.estimate.waiting_fraction, one.run.estimate.waiting_fraction);
}

TEST(IslandReport, HasNoSumWithoutTheRentOfAnIsland) {
  Scenario scenario = mixed(plan(two_islands())).front().scenario;
  scenario.islands.front().rent.reset();
  const Report report = make_report(scenario, AnalyticEstimator());
  EXPECT_FALSE(report.rental_usd.has_value());
  const auto known = std::ranges::count_if(
      report.islands, [](const IslandReport& r) { return r.rental_usd.has_value(); });
  EXPECT_EQ(known, 1);
}

TEST(IslandReport, IsPrintedByIslandWithTheSum) {
  const PlanAnswer answer = plan(two_islands());
  const std::string text = plan_table(answer);
  for (const char* words : {"failures a day", "MWh", "\nall ", "Goodput "}) {
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
  }
}

TEST(ScenarioIslands, MayFailInTheirOwnWay) {
  const std::string island =
      "[[cluster.island]]\nname = \"old\"\naccelerator = \"A100-SXM-80\"\naccelerators = 16\n"
      "reliability = { failures_per_node_day = 0.01, source = \"test\" }\n\n[strategy]";
  const std::string text = testing::diagnose(testing::small_scenario, {{"[strategy]", island}});
  EXPECT_NE(text.find("add [reliability]"), std::string::npos) << text;
  EXPECT_EQ(testing::diagnose(testing::small_scenario, {{"[strategy]",
                                                         "[reliability]\nfailures = \"pooled\"\n"
                                                         "checkpoint_write = \"30 s\"\n\n" +
                                                             island}}),
            "");
  EXPECT_NE(testing::diagnose(
                testing::small_scenario,
                {{"[strategy]",
                  "[reliability]\nfailures = \"pooled\"\n"
                  "checkpoint_write = \"30 s\"\n\n" +
                      testing::edited(island, {{"failures_per_node_day", "failure_rate"}})}})
                .find("failure_rate"),
            std::string::npos);
}

}  // namespace
}  // namespace fleetwright
