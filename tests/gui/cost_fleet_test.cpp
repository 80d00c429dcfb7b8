#include <gtest/gtest.h>

#include <QFileInfo>

#include "gui/models/cost_content.hpp"
#include "gui/models/fleet_content.hpp"
#include "gui/models/network_diagram.hpp"
#include "gui/models/pages.hpp"
#include "gui/models/run_queue.hpp"
#include "tests/gui/waiting.hpp"

// Money, fleet and network of real runs.
namespace fleetwright::gui {
namespace {

using testing::source_text;
using testing::wait_until;

const gui::Run& run_of(RunQueue& queue, const QString& name) {
  const QString file = QFileInfo(QString("scenarios/%1.toml").arg(name)).absoluteFilePath();
  const int id = queue.add(name, file, source_text(file), RunMode::estimate);
  EXPECT_TRUE(wait_until([&] { return queue.idle(); }));
  return *std::as_const(queue).find(id);
}

double at(const ChartSeries& series, qsizetype i) {
  return series.values[static_cast<std::size_t>(i)];
}

TEST(CostContent, FallsFromTheRentedRunToTheFleet) {
  RunQueue queue;
  const gui::Run& run = run_of(queue, "deepseek-fleet-50k");
  ASSERT_EQ(run.cost_problem, "");
  const PageContent money = money_content(run);
  ASSERT_EQ(money.charts.size(), 3U);
  const ChartData& waterfall = money.charts[0];
  const qsizetype bars = waterfall.categories.size();
  ASSERT_GT(bars, 8);
  ASSERT_LT(bars, 18);  // servers of four kinds are one bar
  EXPECT_TRUE(waterfall.categories[0].startsWith("1 run, rented"));
  EXPECT_TRUE(waterfall.categories[bars - 1].startsWith("4 fleet"));
  // The steps before the last total lead to it.
  const ChartSeries& before = waterfall.series[0];
  EXPECT_NEAR(at(before, bars - 2) + at(waterfall.series[2], bars - 2),
              at(waterfall.series[1], bars - 1), 1e-6 * at(waterfall.series[1], bars - 1));
  for (const double value : before.values) EXPECT_GE(value, 0);
  EXPECT_EQ(money.charts[1].categories.size(), 4);
  EXPECT_TRUE(money.charts[2].title.contains("fleet"));
  EXPECT_LE(money.charts[2].categories.size(), 6);
  EXPECT_TRUE(money.answer.contains("4 fleet <b>$"));
}

TEST(CostContent, SaysWhichScopesAreNotCounted) {
  RunQueue queue;
  const PageContent money = money_content(run_of(queue, "deepseek-v3"));
  EXPECT_TRUE(money.answer.contains("Not counted: 4 fleet: the scenario has no [fleet]"));
  EXPECT_EQ(money.charts[1].categories.size(), 3);
}

TEST(CostContent, DrawsTheRentOfPhasesWhereThePriceIsCertain) {
  RunQueue queue;
  const PageContent money = money_content(run_of(queue, "deepseek-v3-free-strategy"));
  ASSERT_EQ(money.charts.size(), 1U);
  EXPECT_GT(at(money.charts[0].series[1], 0), 0);  // the first lifts the others
}

TEST(CostContent, LeavesHoursWhereThereIsNoPrice) {
  RunQueue queue;
  gui::Run run = run_of(queue, "gpt3-175b-a100");
  EXPECT_TRUE(cost_content(run.cost).empty());
  EXPECT_TRUE(money_content(run).answer.contains("[price]"));
  EXPECT_EQ(money_content(run).charts.size(), 1U);
  run.cost_problem = "Killed.";
  EXPECT_TRUE(money_content(run).answer.contains("The bill is missing: Killed."));
}

TEST(ExportCalendarTest, FindsTheDaysOnWhichAnswersChange) {
  ExportCalendar calendar;
  QString failure = "none yet";
  QObject::connect(&calendar, &ExportCalendar::finished, &calendar,
                   [&](const QString& said) { failure = said; });
  calendar.ask("CN");
  ASSERT_TRUE(wait_until([&] { return !calendar.asking(); }));
  ASSERT_EQ(failure, "");
  const TableData table = calendar_table(calendar.days(), {"H800-SXM"});
  ASSERT_GT(table.rows.size(), 20U);
  const auto& h800 = table.rows[0];  // ours come first
  EXPECT_EQ(h800[0].text, "▸ H800-SXM");
  EXPECT_EQ(h800[1].text, "free");
  // Named parts were refused at once, 25 days before the rule; no list of rules has that day.
  const qsizetype named = table.columns.indexOf("2023-10-23");
  ASSERT_GT(named, 0) << table.columns.join(", ").toStdString();
  EXPECT_EQ(h800[static_cast<std::size_t>(named) - 1].text, "free");
  EXPECT_EQ(h800[static_cast<std::size_t>(named)].text, "refused");
  EXPECT_EQ(h800[static_cast<std::size_t>(named)].tone, Tone::bad);
}

TEST(ExportCalendarTest, SaysWhyThereIsNone) {
  const QByteArray program = qgetenv("FLEETWRIGHT_PROGRAM");
  qputenv("FLEETWRIGHT_PROGRAM", "/no/such/program");
  ExportCalendar calendar;
  QString failure;
  QObject::connect(&calendar, &ExportCalendar::finished, &calendar,
                   [&](const QString& said) { failure = said; });
  calendar.ask("CN");
  EXPECT_TRUE(wait_until([&] { return !calendar.asking(); }));
  EXPECT_TRUE(failure.contains("could not be started"));
  qputenv("FLEETWRIGHT_PROGRAM", program);
}

TEST(FleetContent, DrawsIslandsAsWrittenAndAsPlaced) {
  EXPECT_TRUE(fleet_content({}).empty());
  gui::Run run;
  run.state = RunState::done;
  run.settings = {{"cluster.accelerator", "\"H800-SXM\"", "scenario"},
                  {"cluster.accelerators", "3000", "scenario"},
                  {"cluster.island[0].name", "\"a100\"", "scenario"},
                  {"cluster.island[0].accelerator", "\"A100-PCIE-40\"", "scenario"},
                  {"cluster.island[0].accelerators", "10_000", "scenario"}};
  FleetQuestion question;
  question.run = &run;
  const PageContent written = fleet_content(question);
  ASSERT_TRUE(written.diagram);
  EXPECT_EQ(written.diagram->boxes.size(), 2U);
  EXPECT_TRUE(written.answer.contains("search for plans"));
  QString error;
  question.plans = Report::parse(R"({"notes":["a100 beside h800: it does not help"],"plans":[
    {"cluster":{"islands":[{"name":"h800"}]}},
    {"cluster":{"mode":"pipeline","islands":[
      {"name":"h800","accelerator":"H800-SXM","accelerators":3000,"used":2880,"ranks":9,"first_rank":0,"layers":[1,4],"idle":0.43,"precision":"fp8"},
      {"name":"a100","accelerator":"A100-PCIE-40","accelerators":10000,"used":9280,"ranks":29,"first_rank":9,"layers":[0,1],"idle":0.3,"precision":"bf16"}],
      "island_links":[{"between":["h800","a100"],"bandwidth_bytes_per_s":1.6e12}]}}]})",
                                 error);
  const PageContent placed = fleet_content(question);
  ASSERT_TRUE(placed.diagram);
  EXPECT_TRUE(placed.answer.contains("it does not help"));
  EXPECT_TRUE(placed.diagram->boxes[1].lines.contains("pipeline ranks 9 to 37, 1 layers"));
  ASSERT_EQ(placed.diagram->lines.size(), 1U);
  EXPECT_EQ(placed.diagram->lines[0].to, 1);
  EXPECT_EQ(network_diagram(Report(question.plans.array("plans")[1].toObject())).lines.size(), 6U);
}

TEST(FleetContent, ShowsWhatWasBoughtAndWhetherThatWasAllowed) {
  RunQueue queue;
  const gui::Run& run = run_of(queue, "deepseek-fleet-50k");
  FleetQuestion question;
  question.run = &run;
  const PageContent fleet = fleet_content(question);
  ASSERT_TRUE(fleet.diagram);
  ASSERT_EQ(fleet.diagram->boxes.size(), 4U);
  EXPECT_EQ(fleet.diagram->boxes[0].lines[0], "10000 × A100-PCIE-40");
  EXPECT_EQ(fleet.diagram->boxes[0].tone, Tone::good);
  EXPECT_EQ(fleet.diagram->boxes[2].tone, Tone::bad);
}

TEST(NetworkDiagram, ColoursTheLinksByTheirLoad) {
  RunQueue queue;
  const gui::Run& run = run_of(queue, "deepseek-v3");
  const PageContent network = network_content(run);
  ASSERT_TRUE(network.diagram);
  EXPECT_EQ(network.diagram->boxes[0].lines[1], "96 switches");
  EXPECT_TRUE(network.diagram->boxes[3].lines[0].contains("256"));
  const std::vector<LinkKind> kinds = link_kinds(run.report);
  ASSERT_FALSE(kinds.empty());
  EXPECT_EQ(kinds[0].name.section('.', 0, 0), "nic");
}

}  // namespace
}  // namespace fleetwright::gui
