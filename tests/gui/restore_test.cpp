#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QProcess>

#include "gui/code_editor.hpp"
#include "gui/models/draft_store.hpp"
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
