#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QProcess>

#include "gui/code_editor.hpp"
#include "gui/kept_splitter.hpp"
#include "gui/models/child_process.hpp"
#include "gui/models/draft_store.hpp"
#include "gui/page.hpp"
#include "gui/side_lists.hpp"
#include "tests/gui/window_fixture.hpp"

namespace fleetwright::gui {
namespace {

using testing::wait_until;

class Restore : public WindowFixture {};

TEST_F(Restore, BringsBackWhatAKilledWindowHadNotSaved) {
  const QString state = folder_.filePath("killed");
  QProcess other;
  other.setProcessChannelMode(QProcess::ForwardedChannels);
  other.start(QCoreApplication::applicationFilePath(), {"--edit-and-wait", state, scenario_});
  const DraftStore drafts(state + "/drafts");
  ASSERT_TRUE(wait_until([&] { return drafts.find(scenario_).has_value(); }));
  other.kill();
  ASSERT_TRUE(other.waitForFinished());

  MainWindow window(state);
  ASSERT_TRUE(window.open(scenario_));
  EXPECT_TRUE(window.scenario().text().startsWith("# unsaved line\n"));
  EXPECT_TRUE(window.isWindowModified());
  EXPECT_TRUE(window.status_text().contains("Unsaved changes"));
  window.scenario().editor().undo();
  EXPECT_EQ(window.scenario().text(), testing::source_text(scenario_));
}

TEST_F(Restore, ForgetsADraftThatWasSaved) {
  open();
  window_->scenario().editor().insertPlainText("# new\n");
  window_->scenario().keep_drafts();
  const DraftStore drafts(folder_.filePath("state/drafts"));
  EXPECT_TRUE(drafts.find(scenario_));
  QString error;
  ASSERT_TRUE(window_->scenario().save(error)) << error.toStdString();
  EXPECT_FALSE(drafts.find(scenario_));
  EXPECT_TRUE(testing::source_text(scenario_).startsWith("# new\n"));
  EXPECT_FALSE(window_->isWindowModified());
}

TEST_F(Restore, HasItsRunsAgain) {
  open();
  (void)run();
  (void)run();
  MainWindow window(folder_.filePath("state"));
  ASSERT_EQ(window.queue().runs().size(), 2U);
  EXPECT_EQ(window.run_list().count(), 2);
  window.run_list().select_only(2);
  window.show_page("Summary");
  EXPECT_TRUE(window.current_page().answer_text().contains("a step takes"));
  window.show_page("Compare");
  EXPECT_FALSE(window.current_page().table().rows.empty());
  window.queue().remove(1);
  EXPECT_EQ(MainWindow(folder_.filePath("state")).queue().runs().size(), 1U);
}

TEST_F(Restore, ReadsTheCasesOfASweepIntoTheList) {
  QFile spec(folder_.filePath("sweep.toml"));
  ASSERT_TRUE(spec.open(QIODevice::WriteOnly));
  spec.write(
      "name = \"rents\"\nbase = \"deepseek-v3.toml\"\n[[axis]]\n"
      "key = \"price.rent\"\nvalues = [\"$2.00 / h\", \"$3.00 / h\"]\n");
  spec.close();
  QProcess sweep;
  sweep.start(fleetwright_program(), {"sweep", spec.fileName(), "--store",
                                      folder_.filePath("s.sqlite"), "--engine", "analytic"});
  ASSERT_TRUE(sweep.waitForFinished(60'000));
  ASSERT_TRUE(window_->open(folder_.filePath("s.sqlite")));
  ASSERT_TRUE(wait_until([&] { return !window_->reading_sweep(); }));
  EXPECT_TRUE(window_->status_text().contains("2 cases")) << window_->status_text().toStdString();
  const auto& compared = page("Compare");
  EXPECT_TRUE(compared.answer_text().contains("price.rent $2.00 / h → $3.00 / h"))
      << compared.answer_text().toStdString();
  EXPECT_TRUE(window_->open(scenario_));  // a scenario beside it
  EXPECT_TRUE(window_->open(folder_.filePath("no.sqlite")));
  ASSERT_TRUE(wait_until([&] { return !window_->reading_sweep(); }));
  EXPECT_TRUE(window_->status_text().contains("cannot be read"));
}

TEST_F(Restore, RemembersWhereSplittersWereMovedTo) {
  auto* splitter = window_->scenario().findChild<KeptSplitter*>();
  EXPECT_TRUE(splitter->kept().isEmpty());
  const QSplitterHandle* handle = splitter->handle(1);
  const int middle = splitter->sizes()[0];
  QTest::mousePress(splitter->handle(1), Qt::LeftButton);
  QTest::mouseMove(splitter->handle(1), handle->rect().center() + QPoint(-120, 0));
  QTest::mouseRelease(splitter->handle(1), Qt::LeftButton, {},
                      handle->rect().center() + QPoint(-120, 0));
  const QList<int> moved = splitter->sizes();
  ASSERT_LT(moved[0], middle - 60);
  window_->close();
  MainWindow next(folder_.filePath("state"));
  next.show();
  const auto* again = next.scenario().findChild<KeptSplitter*>();
  EXPECT_TRUE(wait_until([&] { return again->sizes() == moved; }));
}

TEST_F(Restore, RemembersItsSize) {
  window_->resize(1111, 777);
  window_->close();
  MainWindow next(folder_.filePath("state"));
  next.show();
  EXPECT_TRUE(wait_until([&] { return next.size() == QSize(1111, 777); }))
      << next.width() << " x " << next.height();
}

}  // namespace
}  // namespace fleetwright::gui
