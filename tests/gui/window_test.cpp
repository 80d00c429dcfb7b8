#include <gtest/gtest.h>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <csignal>
#include <ctime>
#include <map>

#include "gui/chart_page.hpp"
#include "gui/code_editor.hpp"
#include "gui/fleet_page.hpp"
#include "gui/models/toml_text.hpp"
#include "gui/number_field.hpp"
#include "gui/plans_page.hpp"
#include "gui/scenario_form.hpp"
#include "gui/side_lists.hpp"
#include "gui/theme.hpp"
#include "gui/validation_page.hpp"
#include "tests/gui/chart_clicks.hpp"
#include "tests/gui/window_fixture.hpp"

// The window, driven as by someone at the keyboard; the program behind it is the real one.
namespace fleetwright::gui {
namespace {

using testing::slow_scenario;
using testing::wait_until;

class Window : public WindowFixture {
 protected:
  // What labels and an empty editor of a page say.
  static QString text_seen(const Page& page) {
    QString seen;
    for (const QLabel* label : page.findChildren<QLabel*>()) {
      if (label->isVisible()) seen += label->text() + "\n";
    }
    for (const auto* editor : page.findChildren<CodeEditor*>()) {
      if (editor->toPlainText().isEmpty()) seen += editor->placeholderText();
    }
    return seen;
  }
};

#ifndef FLEETWRIGHT_SANITIZED
TEST_F(Window, IsThereWithinASecond) {
  // Of this process alone: what else the machine does makes no difference.
  const std::clock_t start = std::clock();
  MainWindow another(folder_.filePath("another"));
  another.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&another));
  EXPECT_LT(std::clock() - start, CLOCKS_PER_SEC);
}
#endif

TEST_F(Window, SaysWhatToDoWhileItIsEmpty) {
  const std::map<QString, QString> advice{{"Scenario", "Open a scenario from the list on the left"},
                                          {"Compare", "Run two scenarios"},
                                          {"Plans", "Open a scenario and search"}};
  for (Page* page : window_->pages()) {
    const QString name = page->objectName();
    // These two ask the program as soon as they are seen.
    if (name == "Fleet" || name == "Validation") continue;
    window_->show_page(name);
    const auto own = advice.find(name);
    const QString wanted = own == advice.end() ? "run it with F5" : own->second;
    EXPECT_TRUE(text_seen(*page).contains(wanted))
        << name.toStdString() << ": " << text_seen(*page).toStdString();
  }
  EXPECT_EQ(window_->run(RunMode::simulate), 0);
  EXPECT_EQ(window_->status_text(), "Open a scenario first.");
}

TEST_F(Window, OpensAScenarioAsTextAndForm) {
  open();
  EXPECT_TRUE(good_);
  EXPECT_TRUE(window_->windowTitle().contains("deepseek-v3.toml"));
  const auto* accelerators = window_->scenario().form().field("cluster.accelerators");
  ASSERT_NE(accelerators, nullptr);
  EXPECT_EQ(static_cast<const NumberField*>(accelerators)->text(), "2048");
  EXPECT_FALSE(window_->open(folder_.filePath("missing.toml")));
  EXPECT_TRUE(window_->status_text().contains("cannot be opened"));
}

TEST_F(Window, FormFollowsTheText) {
  open();
  CodeEditor& editor = window_->scenario().editor();
  editor.go_to(line_of(editor.toPlainText(), "strategy.micro_batch"));
  editor.moveCursor(QTextCursor::EndOfLine);
  QTest::keyClick(&editor, Qt::Key_Backspace);
  QTest::keyClicks(&editor, "2");
  wait_for_check();
  auto* field = window_->scenario().form().field("strategy.micro_batch");
  EXPECT_EQ(static_cast<NumberField*>(field)->text(), "2");
  EXPECT_TRUE(window_->isWindowModified());
}

TEST_F(Window, TextFollowsTheFormAndUndoTakesItBack) {
  open();
  const QString before = window_->scenario().text();
  auto* field = static_cast<NumberField*>(window_->scenario().form().field("cluster.switch_ports"));
  field->setFocus();
  field->line().setText("32");
  QTest::keyClick(field, Qt::Key_Return);
  EXPECT_TRUE(window_->scenario().text().contains(
      "topology = \"multi-plane-fat-tree\"\nswitch_ports = 32\n"));
  wait_for_check();
  window_->scenario().editor().undo();
  EXPECT_EQ(window_->scenario().text(), before);
  EXPECT_FALSE(window_->isWindowModified());
}

TEST_F(Window, ShowsAnErrorAtItsLineAndItsField) {
  open();
  const TextEdit edit = set_value(window_->scenario().text(), "strategy.dp", "64");
  window_->scenario().editor().setPlainText(
      window_->scenario().text().replace(edit.position, edit.length, edit.text));
  wait_for_check();
  EXPECT_FALSE(good_);
  EXPECT_TRUE(window_->scenario().problem().contains("must be the 2048 accelerators"));
  EXPECT_EQ(window_->scenario().editor().extraSelections().size(),
            2);  // its line, and the cursor's
  const auto* field = window_->scenario().form().field("strategy.dp");
  EXPECT_TRUE(field->toolTip().contains("2048 accelerators"));
}

TEST_F(Window, RunsAndShowsTheAnswer) {
  open();
  QTest::keyClick(window_.get(), Qt::Key_F5);
  ASSERT_TRUE(
      wait_until([&] { return !window_->queue().runs().empty() && window_->queue().idle(); }));
  EXPECT_EQ(window_->current_page().objectName(), "Summary");
  const auto& summary = static_cast<ChartPage&>(window_->current_page());
  EXPECT_TRUE(summary.answer_text().contains("a step takes"));
  EXPECT_TRUE(window_->status_text().contains("done in"));
  EXPECT_EQ(window_->run_list().count(), 1);
}

TEST_F(Window, ShowsTheFailureOfARun) {
  open();
  window_->scenario().editor().setPlainText("name = 5\n");
  EXPECT_EQ(run().state, RunState::failed);
  EXPECT_TRUE(window_->status_text().contains("The scenario is wrong."));
  bool told = false;
  for (const QLabel* label : page("Summary").findChildren<QLabel*>()) {
    told = told || label->text().contains("Run #1 failed");
  }
  EXPECT_TRUE(told);
}

TEST_F(Window, ShowsThatTheProgramWasKilledAndGoesOn) {
  open();
  window_->scenario().editor().setPlainText(slow_scenario());
  const int id = window_->run(RunMode::simulate);
  ASSERT_TRUE(wait_until([&] { return window_->status_text().contains("simulating"); }));
  ::kill(static_cast<pid_t>(window_->queue().child_pid()), SIGKILL);
  ASSERT_TRUE(wait_until([&] { return window_->queue().idle(); }));
  EXPECT_EQ(window_->queue().find(id)->state, RunState::failed);
  EXPECT_TRUE(window_->status_text().contains("Killed")) << window_->status_text().toStdString();
  EXPECT_TRUE(window_->run_list().item(0)->text().contains("Killed"));
  EXPECT_TRUE(text_seen(page("Summary")).contains("Killed"));
  EXPECT_TRUE(text_seen(page("Time")).contains("run it again with F5"));
  window_->scenario().editor().setPlainText(testing::source_text(scenario_));
  EXPECT_EQ(run().state, RunState::done);
}

TEST_F(Window, CancelsWithEscape) {
  open();
  window_->scenario().editor().setPlainText(slow_scenario());
  const int id = window_->run(RunMode::simulate);
  ASSERT_TRUE(wait_until([&] { return window_->status_text().contains("simulating"); }));
  QTest::keyClick(window_.get(), Qt::Key_Escape);
  ASSERT_TRUE(wait_until([&] { return window_->queue().idle(); }));
  EXPECT_EQ(window_->queue().find(id)->state, RunState::cancelled);
}

TEST_F(Window, ComparesTwoRuns) {
  open();
  (void)run();
  const TextEdit edit = set_value(window_->scenario().text(), "price.rent", "\"$3.00 / h\"");
  window_->scenario().editor().setPlainText(
      window_->scenario().text().replace(edit.position, edit.length, edit.text));
  (void)run();
  const auto& compared = static_cast<ChartPage&>(page("Compare"));
  EXPECT_TRUE(compared.answer_text().contains("price.rent $2.00 / h → $3.00 / h"))
      << compared.answer_text().toStdString();
  EXPECT_TRUE(window_->run_list().item(0)->text().contains("price.rent"));
}

TEST_F(Window, ShowsWhatMayBeSoldBesideTheRun) {
  open();
  (void)run();
  auto& fleet = static_cast<FleetPage&>(page("Fleet"));
  ASSERT_TRUE(wait_until([&] { return !fleet.asking(); }));
  EXPECT_TRUE(fleet.answer_text().contains("CN"));
  EXPECT_EQ(fleet.content().table.rows[0][0].text, "▸ H800-SXM");
  EXPECT_TRUE(fleet.answer_text().contains("One cluster: 2048 × H800-SXM"));
  fleet.destination().setCurrentIndex(fleet.destination().findData("DE"));
  ASSERT_TRUE(wait_until([&] { return !fleet.asking(); }));
  EXPECT_TRUE(fleet.answer_text().contains("DE"));
}

TEST_F(Window, SearchesAndTakesAPlanOver) {
  open();
  PlansPage& plans = window_->plans();
  plans.search("small", testing::source_text("scenarios/gpt3-175b-a100.toml"));
  ASSERT_TRUE(wait_until([&] { return !plans.searching(); }));
  ASSERT_FALSE(plans.content().table.rows.empty());
  EXPECT_EQ(plans.content().charts[0].series[0].points.size(), plans.content().table.rows.size());
  const QString before = window_->scenario().text();
  plans.use(0);
  EXPECT_EQ(window_->current_page().objectName(), "Scenario");
  EXPECT_TRUE(window_->scenario().text().contains("\ntp = "));
  window_->scenario().editor().undo();
  EXPECT_EQ(window_->scenario().text(), before);
  // A click on its point does the same, and so does Enter on its row.
  window_->show_page("Plans");
  testing::click_point(plans, 0);
  EXPECT_EQ(window_->current_page().objectName(), "Scenario");
  EXPECT_NE(window_->scenario().text(), before);
  window_->scenario().editor().undo();
  window_->show_page("Plans");
  QTest::keyClick(plans.findChild<QTableView*>(), Qt::Key_Return);
  EXPECT_NE(window_->scenario().text(), before);
}

TEST_F(Window, ValidatesAndFilters) {
  ValidationPage& validation = window_->validation();
  window_->show_page("Validation");
  ASSERT_TRUE(wait_until([&] { return !validation.content().table.rows.empty(); }));
  const auto all = validation.content().table.rows.size();
  validation.accelerators().setCurrentText("H100-SXM");
  EXPECT_LT(validation.content().table.rows.size(), all);
  EXPECT_FALSE(validation.content().table.rows.empty());
  const auto last = validation.content().table.rows.size() - 1;
  testing::click_point(validation, static_cast<int>(last));
  const QString id = validation.content().table.rows[last][0].text;
  bool told = false;
  for (const QLabel* label : validation.findChildren<QLabel*>()) {
    told = told || (label->isVisible() && label->text().startsWith("Case: " + id));
  }
  EXPECT_TRUE(told) << id.toStdString();
}

TEST_F(Window, ChangesItsThemeWithAllPages) {
  open();
  (void)run();
  for (const Theme theme : {Theme::dark, Theme::light}) {
    apply_theme(theme);
    window_->restyle();
    for (Page* page : window_->pages()) {
      window_->show_page(page->objectName());
      EXPECT_FALSE(window_->grab().isNull());
    }
  }
}

TEST_F(Window, IsReachedByKeyboardAlone) {
  QTest::keyClick(window_.get(), Qt::Key_4, Qt::ControlModifier);
  EXPECT_EQ(window_->current_page().objectName(), "Timeline");
  QTest::keyClick(window_.get(), Qt::Key_1, Qt::ControlModifier);
  EXPECT_EQ(window_->current_page().objectName(), "Scenario");
}

}  // namespace
}  // namespace fleetwright::gui
