#include <gtest/gtest.h>

#include <QFileInfo>
#include <algorithm>

#include "gui/models/pages.hpp"
#include "gui/models/run_queue.hpp"
#include "gui/models/validation.hpp"
#include "tests/gui/waiting.hpp"

// What the pages say about real runs.
namespace fleetwright::gui {
namespace {

using testing::source_text;
using testing::wait_until;

class PageContentTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    queue = std::make_unique<RunQueue>();
    for (const char* name : {"deepseek-v3", "llama-3.1-405b", "gpt3-175b-a100"}) {
      const QString file = QFileInfo(QString("scenarios/%1.toml").arg(name)).absoluteFilePath();
      queue->add(name, file, source_text(file), RunMode::simulate);
    }
    ASSERT_TRUE(wait_until([] { return queue->idle(); }));
  }
  static void TearDownTestSuite() { queue.reset(); }

  static std::unique_ptr<RunQueue> queue;
};

std::unique_ptr<RunQueue> PageContentTest::queue;

void expect_sound(const PageContent& content, const std::string& what) {
  EXPECT_FALSE(content.answer.isEmpty()) << what;
  EXPECT_FALSE(content.answer.contains('%' + QString("1"))) << what;
  EXPECT_FALSE(content.charts.empty()) << what;
  EXPECT_FALSE(content.table.rows.empty()) << what;
  for (const auto& row : content.table.rows) {
    EXPECT_EQ(row.size(), static_cast<std::size_t>(content.table.columns.size())) << what;
  }
  for (const ChartData& chart : content.charts) {
    EXPECT_FALSE(chart.title.isEmpty()) << what;
    for (const ChartSeries& series : chart.series) {
      if (!series.points.empty()) continue;
      EXPECT_EQ(series.values.size(), static_cast<std::size_t>(chart.categories.size())) << what;
    }
  }
}

TEST_F(PageContentTest, SaysSomethingSoundAboutEveryScenario) {
  for (const auto& run : queue->runs()) {
    ASSERT_EQ(run->state, RunState::done) << run->failure.toStdString();
    const std::string name = run->name.toStdString();
    expect_sound(summary_content(*run), name + " summary");
    expect_sound(time_content(*run), name + " time");
    expect_sound(memory_content(*run), name + " memory");
    expect_sound(network_content(*run), name + " network");
    expect_sound(money_content(*run), name + " money");
    expect_sound(sources_content(*run), name + " sources");
  }
}

TEST_F(PageContentTest, PutsThePublishedBesideThePredicted) {
  const PageContent summary = summary_content(*queue->runs()[0]);
  EXPECT_TRUE(summary.answer.contains("2048 x H800-SXM"));
  const auto& step = summary.table.rows[0];
  EXPECT_EQ(step[0].text, "Time of a step");
  EXPECT_EQ(step[2].text, "19.93 s");
}

TEST_F(PageContentTest, StacksTheMemoryOfEachPipelineRank) {
  const gui::Run& run = *queue->runs()[0];
  const PageContent memory = memory_content(run);
  const ChartData& chart = memory.charts[0];
  ASSERT_EQ(chart.categories.size(), 16);
  ASSERT_EQ(chart.series.size(), 5U);
  ASSERT_EQ(chart.limits.size(), 16U);
  double fullest = 0;
  for (std::size_t rank = 0; rank < 16; ++rank) {
    double sum = 0;
    for (const ChartSeries& part : chart.series) sum += part.values[rank];
    EXPECT_LT(sum, chart.limits[rank]);
    EXPECT_NEAR(sum * 1024 * 1024 * 1024, memory.table.rows[rank][6].order.toDouble(), 1);
    fullest = std::max(fullest, sum);
  }
  EXPECT_NEAR(fullest * 1024 * 1024 * 1024, *run.report.number("memory.peak_bytes"), 1);
}

TEST(MemoryContent, ShowsTheFullestRankOfReportsWithoutTheOthers) {
  QString error;
  gui::Run run;
  run.report = Report::parse(
      R"({"memory":{"peak_bytes":3,"capacity_bytes":4,"weights_bytes":2,"buffers_bytes":1}})",
      error);
  const PageContent memory = memory_content(run);
  EXPECT_EQ(memory.charts[0].categories, QStringList("fullest"));
  EXPECT_EQ(memory.table.rows.size(), 1U);
  EXPECT_TRUE(memory.answer.startsWith("The fullest rank needs"));
}

TEST(CompareContent, ExplainsTheDifferenceByThePartsOfTheStep) {
  QString error;
  gui::Run before;
  gui::Run after;
  before.report = Report::parse(
      R"({"step":{"time_s":4,"compute_s":2,"exposed_communication_s":1,"bubble_s":1,"optimizer_s":0}})",
      error);
  after.report = Report::parse(
      R"({"step":{"time_s":6,"compute_s":5,"exposed_communication_s":0.5,"bubble_s":0.5,"optimizer_s":0}})",
      error);
  EXPECT_TRUE(compare_content({&before, &after})
                  .answer.contains("the step changes by +2 s (+50.0 %): +3 s computation, "
                                   "-500 ms exposed communication, -500 ms bubble"))
      << compare_content({&before, &after}).answer.toStdString();
}

TEST_F(PageContentTest, ComparesRunsWithTheFirst) {
  const PageContent compared =
      compare_content({queue->runs()[0].get(), queue->runs()[1].get(), queue->runs()[2].get()});
  expect_sound(compared, "compare");
  EXPECT_EQ(compared.charts[0].series.size(), 2U);
  EXPECT_EQ(compared.table.columns.size(), 6);
  EXPECT_TRUE(compare_content({queue->runs()[0].get()}).empty());
}

TEST_F(PageContentTest, IsEmptyWithoutAReport) {
  const gui::Run nothing;
  EXPECT_TRUE(summary_content(nothing).empty());
  EXPECT_TRUE(time_content(nothing).empty());
  EXPECT_TRUE(memory_content(nothing).empty());
  EXPECT_TRUE(network_content(nothing).empty());
  EXPECT_TRUE(money_content(nothing).empty());
  EXPECT_TRUE(sources_content(nothing).empty());
}

TEST(ValidationContent, FiltersCases) {
  QString error;
  const Report report = Report::parse(R"({"cases":[
    {"id":"a","gpu":"H100","framework":"x","measured_step_time_s":2,"predicted_step_time_s":1,"error":-0.5,"assumed":["p","q"]},
    {"id":"b","gpu":"A100","framework":"x","measured_step_time_s":1,"predicted_step_time_s":1.1,"error":0.1,"assumed":[]},
    {"id":"c","gpu":"A100","framework":"y","measured_step_time_s":1,"predicted_step_time_s":null,"error":null,"assumed":[]}]})",
                                      error);
  EXPECT_EQ(values_of(report, "gpu"), (QStringList{"A100", "H100"}));
  const PageContent all = validation_content(report, {});
  EXPECT_EQ(all.table.rows.size(), 2U);
  EXPECT_EQ(all.charts[0].series[0].points.size(), 2U);
  EXPECT_TRUE(all.answer.contains("30.00 % in the mean"));
  EXPECT_TRUE(all.answer.contains("1 could not be compared"));
  EXPECT_EQ(validation_content(report, {"H100", {}}).table.rows.size(), 1U);
  EXPECT_TRUE(validation_content(report, {{}, "y"}).charts.empty());
}

}  // namespace
}  // namespace fleetwright::gui
