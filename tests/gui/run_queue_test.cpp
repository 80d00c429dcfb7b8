#include "gui/models/run_queue.hpp"

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QFileInfo>
#include <csignal>

#include "tests/gui/waiting.hpp"

// The program itself, run on the shipped scenarios.
namespace fleetwright::gui {
namespace {

using testing::slow_scenario;
using testing::source_text;
using testing::wait_until;

constexpr const char* scenario = "scenarios/deepseek-v3.toml";

class RunQueueTest : public ::testing::Test {
 protected:
  int add(const QString& text, RunMode mode = RunMode::simulate) {
    return queue_.add("deepseek-v3", QFileInfo(scenario).absoluteFilePath(), text, mode);
  }

  const gui::Run& end_of(int id) {
    EXPECT_TRUE(wait_until([&] {
      const RunState state = queue_.find(id)->state;
      return state != RunState::queued && state != RunState::running;
    }));
    return *queue_.find(id);
  }

  RunQueue queue_;
};

TEST_F(RunQueueTest, KeepsReportSettingsAndTimeline) {
  const gui::Run& run = end_of(add(source_text(scenario)));
  ASSERT_EQ(run.state, RunState::done) << run.failure.toStdString();
  EXPECT_GT(run.report.number("step.time_s").value_or(0), 1);
  EXPECT_GT(run.report.array("ranks").size(), 1);
  EXPECT_GT(run.settings.size(), 20U);
  ASSERT_TRUE(run.trace);
  EXPECT_GT(run.trace->span_count(), 1000U);
  EXPECT_FALSE(run.trace->memory.empty());
  EXPECT_TRUE(run.messages.empty());
}

TEST_F(RunQueueTest, RunsOneAfterTheOther) {
  std::vector<int> order;
  QObject::connect(&queue_, &RunQueue::finished, &queue_, [&](int id) { order.push_back(id); });
  const int first = add(source_text(scenario), RunMode::estimate);
  const int second = add(source_text(scenario), RunMode::estimate);
  EXPECT_EQ(queue_.find(second)->state, RunState::queued);
  (void)end_of(second);
  EXPECT_EQ(order, (std::vector<int>{first, second}));
}

TEST_F(RunQueueTest, TellsWhatDiffersBetweenTwoRuns) {
  const int first = add(source_text(scenario), RunMode::estimate);
  const int second =
      add(source_text(scenario).replace("cluster]\n", "cluster]\nrouting = \"ecmp\"\n"),
          RunMode::estimate);
  const gui::Run& changed = end_of(second);
  ASSERT_EQ(changed.state, RunState::done) << changed.failure.toStdString();
  EXPECT_EQ(differences(*queue_.find(first), changed),
            QStringList("cluster.routing adaptive → ecmp"));
}

TEST_F(RunQueueTest, FailsWithTheProgramsOwnWords) {
  const QString text = source_text(scenario).replace("dp = 128", "dp = 64");
  const gui::Run& run = end_of(add(text));
  EXPECT_EQ(run.state, RunState::failed);
  EXPECT_TRUE(run.failure.contains("must be the 2048 accelerators"));
  ASSERT_EQ(run.messages.size(), 1U);
  EXPECT_EQ(run.messages[0].line, 1 + text.left(text.indexOf("dp = 64")).count('\n'));
}

TEST_F(RunQueueTest, CancelsWithinASecond) {
  const int id = add(slow_scenario());
  bool predicting = false;
  QObject::connect(&queue_, &RunQueue::progressed, &queue_, [&](int, const Progress& progress) {
    predicting = predicting || progress.stage.contains("simulating");
  });
  ASSERT_TRUE(wait_until([&] { return predicting; }));
  QElapsedTimer clock;
  clock.start();
  queue_.cancel(id);
  const gui::Run& run = end_of(id);
  EXPECT_LT(clock.elapsed(), 1000);
  EXPECT_EQ(run.state, RunState::cancelled);
}

TEST_F(RunQueueTest, ShowsThatTheChildWasKilled) {
  const int id = add(slow_scenario());
  const int next = add(source_text(scenario), RunMode::estimate);
  bool predicting = false;
  QObject::connect(&queue_, &RunQueue::progressed, &queue_, [&](int, const Progress& progress) {
    predicting = predicting || progress.stage.contains("simulating");
  });
  ASSERT_TRUE(wait_until([&] { return predicting; }));
  ::kill(static_cast<pid_t>(queue_.child_pid()), SIGKILL);
  EXPECT_EQ(end_of(id).state, RunState::failed);
  EXPECT_TRUE(end_of(id).failure.contains("Killed")) << end_of(id).failure.toStdString();
  EXPECT_EQ(end_of(next).state, RunState::done);  // the queue goes on
}

TEST_F(RunQueueTest, TakesAWaitingRunOutOfTheQueue) {
  const int first = add(slow_scenario());
  const int second = add(source_text(scenario));
  queue_.cancel(second);
  EXPECT_EQ(queue_.find(second)->state, RunState::cancelled);
  queue_.cancel(first);
  EXPECT_EQ(end_of(first).state, RunState::cancelled);
  queue_.remove(first);
  EXPECT_EQ(queue_.find(first), nullptr);
}

}  // namespace
}  // namespace fleetwright::gui
