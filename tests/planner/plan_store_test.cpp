// What a search for plans keeps in a store, so that it need not be computed again.

#include "planner/search/plan_store.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>

#include "models/core/error.hpp"
#include "planner/output/plan_formats.hpp"
#include "planner/report.hpp"
#include "planner/search/inverse_questions.hpp"
#include "planner/sweep/run_store.hpp"
#include "planner/sweep/sweep_store.hpp"
#include "tests/planner/scenario_text.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

Scenario small() {
  Scenario scenario;
  scenario.name = "small";
  scenario.cluster_name = "main";
  scenario.setup = testing::dense_setup("H100-SXM", 16);
  scenario.setup.job.strategy.global_batch = 64;
  scenario.tokens = 1e10;
  return scenario;
}

/// Counts what it is asked for, and may be asked no more than so often.
class CountedEngine : public Estimator {
 public:
  explicit CountedEngine(std::atomic<bool>* stop = nullptr, int stop_after = 0)
      : stop_(stop), stop_after_(stop_after) {}
  using Estimator::run;
  [[nodiscard]] std::string_view name() const override { return "counted"; }
  [[nodiscard]] ColumnRun run(ColumnStep& step, const RunPlan& plan) const override {
    if (++runs_ == stop_after_ && stop_ != nullptr) *stop_ = true;
    return AnalyticEstimator().run(step, plan);
  }
  [[nodiscard]] int runs() const { return runs_; }

 private:
  std::atomic<bool>* stop_;
  int stop_after_;
  mutable int runs_ = 0;
};

class PlanStores : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "plans.sqlite"; }
  [[nodiscard]] PlanStore open(const std::string& scenario = "small", const char* program = "one") {
    return PlanStore(file(), {scenario, program, "1.0"});
  }

  /// All that an answer says but how long it took.
  static std::string text(const PlanAnswer& answer) {
    auto json = nlohmann::ordered_json::parse(plan_json(answer));
    json["searched"].erase("seconds");
    json["searched"].erase("evaluated_per_second");
    return json.dump();
  }

  [[nodiscard]] RunStore open_runs(RunStore::Use use = RunStore::Use::take_and_keep) {
    return RunStore(file(), use, "one", "1.0");
  }

  PlanAnswer search(const Scenario& scenario, const CountedEngine& engine, PlanStore& store,
                    const RunControl& control = {}) {
    PlanQuestion question;
    question.best = 3;
    question.memory = &store;
    RunStore runs = open_runs();
    return answer_question(scenario, question, StoredEstimator(engine, runs), control);
  }

 private:
  testing::TemporaryFolder folder_;
};

TEST_F(PlanStores, AnswerASecondSearchWithoutAnEngine) {
  PlanQuestion question;
  question.best = 3;
  const CountedEngine alone;
  const std::string expected = text(answer_question(small(), question, alone, {}));
  long refined = 0;
  {
    PlanStore store = open();
    const CountedEngine engine;
    const PlanAnswer first = search(small(), engine, store);
    EXPECT_EQ(text(first), expected) << "a store changes no answer";
    EXPECT_LE(engine.runs(), alone.runs()) << "steps that are the same are run once";
    EXPECT_EQ(store.found(), 0);
    refined = first.searched.refined;
  }
  PlanStore store = open();
  const CountedEngine engine;
  EXPECT_EQ(text(search(small(), engine, store)), expected);
  EXPECT_EQ(engine.runs(), 0);
  EXPECT_EQ(store.found(), refined);
}

TEST_F(PlanStores, KeepWhatASearchHadWhenItWasStopped) {
  PlanQuestion question;
  question.best = 3;
  const CountedEngine alone;
  const std::string expected = text(answer_question(small(), question, alone, {}));
  ASSERT_EQ(alone.runs(), 3);
  {
    PlanStore store = open();
    std::atomic<bool> stop = false;
    const CountedEngine engine(&stop, 1);
    EXPECT_THROW(static_cast<void>(search(small(), engine, store, {{}, &stop})), Interrupted);
  }
  PlanStore store = open();
  const CountedEngine engine;
  EXPECT_EQ(text(search(small(), engine, store)), expected);
  EXPECT_LT(engine.runs(), alone.runs()) << "the first of the three was there";
  EXPECT_GT(store.found(), 0);
}

TEST_F(PlanStores, TellCandidatesOfOtherMachinesApart) {
  PlanStore store = open();
  Candidate c;
  c.setup = small().setup;
  c.time = Seconds{2};
  c.memory = Bytes{3};
  store.keep({c});
  ASSERT_TRUE(store.find(c.setup));
  EXPECT_EQ(store.find(c.setup)->time, c.time);
  EXPECT_EQ(store.find(c.setup)->memory, c.memory);
  const auto differs = [&](auto change) {
    StepSetup other = c.setup;
    change(other);
    return !store.find(other);
  };
  EXPECT_TRUE(differs([](StepSetup& s) { s.cluster.gpus = 32; }));
  EXPECT_TRUE(differs([](StepSetup& s) { s.cluster.nics_per_node = 1; }));
  EXPECT_TRUE(differs([](StepSetup& s) { s.cluster.topology = "single-switch"; }));
  EXPECT_TRUE(differs([](StepSetup& s) { s.cluster.accelerator.id = "H800-SXM"; }));
  EXPECT_TRUE(differs([](StepSetup& s) { s.job.strategy.ep = 2; }));
  EXPECT_TRUE(differs([](StepSetup& s) { s.job.strategy.global_batch = 128; }));
  EXPECT_TRUE(differs([](StepSetup& s) { s.job.precision.name = "other"; }));
  EXPECT_FALSE(open("another scenario").find(c.setup)) << "of which all else may differ";
  EXPECT_FALSE(open("small", "another program").find(c.setup));
}

TEST_F(PlanStores, AreStoresOfSweepsTooAndAreMerged) {
  {
    PlanStore store = open();
    const CountedEngine engine;
    static_cast<void>(search(small(), engine, store));
  }
  const std::filesystem::path all = file().parent_path() / "all.sqlite";
  {
    SweepStore sweeps(all);
    sweeps.merge(file());
    sweeps.merge(file());
  }
  std::filesystem::rename(all, file());
  PlanStore merged = open();
  const CountedEngine engine;
  static_cast<void>(search(small(), engine, merged));
  EXPECT_EQ(engine.runs(), 0);
}

TEST_F(PlanStores, RefuseARunThatIsCutShort) {
  PlanStore store = open();
  const CountedEngine engine;
  static_cast<void>(search(small(), engine, store));
  SqlDatabase(file(), SqlDatabase::Mode::read_write_create)
      .execute("UPDATE engine_run SET run = substr(run, 1, 100)");
  EXPECT_THROW(static_cast<void>(search(small(), engine, store)), Error);
}

TEST_F(PlanStores, GiveRunsToWhoOnlyTakesThem) {
  {
    RunStore runs = open_runs();
    const CountedEngine engine;
    static_cast<void>(make_report(small(), StoredEstimator(engine, runs)));
    EXPECT_EQ(engine.runs(), 1);
  }
  RunStore runs = open_runs(RunStore::Use::take);
  const CountedEngine engine;
  static_cast<void>(make_report(small(), StoredEstimator(engine, runs)));
  EXPECT_EQ(engine.runs(), 0);
  EXPECT_EQ(runs.found(), 1);
  Scenario other = small();
  other.setup.job.strategy.global_batch = 128;
  for (int i = 0; i < 2; ++i) {
    static_cast<void>(make_report(other, StoredEstimator(engine, runs)));
  }
  EXPECT_EQ(engine.runs(), 2) << "nothing is kept";
  EXPECT_THROW(RunStore(file().parent_path() / "none", RunStore::Use::take, "one", "1.0"), Error);
}

}  // namespace
}  // namespace fleetwright
