#include <gtest/gtest.h>

#include <QAccessible>
#include <QApplication>
#include <QSet>
#include <QTest>
#include <algorithm>
#include <cstdlib>

#include "gui/fleet_page.hpp"
#include "gui/kept_splitter.hpp"
#include "gui/side_lists.hpp"
#include "gui/validation_page.hpp"
#include "tests/gui/window_fixture.hpp"

// The window for those who use neither mouse nor screen.
namespace fleetwright::gui {
namespace {

using testing::wait_until;

class Keyboard : public WindowFixture {
 protected:
  // What the tab key can reach as the window stands.
  QList<QWidget*> controls() const {
    QList<QWidget*> found;
    for (QWidget* widget : window_->findChildren<QWidget*>()) {
      const bool reachable = (widget->focusPolicy() & Qt::TabFocus) != 0 && widget->isEnabled() &&
                             widget->isVisible() && widget->focusProxy() == nullptr;
      if (reachable) found << widget;
    }
    return found;
  }

  // Presses the tab key once round the window, from the list of runs on.
  QList<QWidget*> round_by_tab() {
    QList<QWidget*> visited;
    window_->run_list().setFocus();
    for (int i = 0; i < 500; ++i) {
      QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
      QWidget* to = QApplication::focusWidget();
      if (to == nullptr || visited.contains(to)) break;
      visited << to;
    }
    return visited;
  }
};

std::string said_of(const QWidget& widget) {
  return widget.metaObject()->className() + std::string(" of ") +
         widget.parentWidget()->metaObject()->className();
}

QString name_told(QWidget& widget) {
  QAccessibleInterface* told = QAccessible::queryAccessibleInterface(&widget);
  return told == nullptr ? QString() : told->text(QAccessible::Name);
}

TEST_F(Keyboard, ReachesEveryControlOfEveryPageAndEachHasAName) {
  open();
  (void)run(RunMode::simulate);
  for (Page* page : window_->pages()) {
    window_->show_page(page->objectName());
    ASSERT_TRUE(
        wait_until([&] { return !window_->fleet().asking() && !window_->validation().running(); }));
    const QList<QWidget*> visited = round_by_tab();
    for (QWidget* control : controls()) {
      const std::string what = page->objectName().toStdString() + ": " + said_of(*control);
      EXPECT_TRUE(visited.contains(control)) << what << " is not reached";
      EXPECT_FALSE(name_told(*control).isEmpty()) << what << " has no name";
    }
  }
}

TEST_F(Keyboard, MeetsControlsInTheOrderThatTheyAreRead) {
  open();
  (void)run();
  for (const char* name : {"Fleet", "Validation"}) {
    Page& shown = page(name);
    ASSERT_TRUE(
        wait_until([&] { return !window_->fleet().asking() && !window_->validation().running(); }));
    int top = -1;
    int left = -1;
    QList<QWidget*> round = round_by_tab();
    // It may have begun in the middle of the page.
    const auto outside =
        std::ranges::find_if(round, [&](QWidget* w) { return !shown.isAncestorOf(w); });
    std::rotate(round.begin(), outside, round.end());
    for (const QWidget* widget : round) {
      if (!shown.isAncestorOf(widget)) continue;
      const QPoint at = widget->mapTo(&shown, QPoint(0, 0));
      const bool beside = std::abs(at.y() - top) <= 8;
      const bool later = beside ? at.x() > left : at.y() > top;
      EXPECT_TRUE(later) << name << ": " << said_of(*widget) << " at " << at.x() << ", " << at.y()
                         << " after " << left << ", " << top;
      top = at.y();
      left = at.x();
    }
    EXPECT_GT(top, 0) << name;
  }
}

TEST_F(Keyboard, MovesEveryDividerAndGoesBack) {
  open();
  (void)run(RunMode::simulate);
  for (Page* page : window_->pages()) {
    window_->show_page(page->objectName());
    ASSERT_TRUE(
        wait_until([&] { return !window_->fleet().asking() && !window_->validation().running(); }));
    const std::string name = page->objectName().toStdString();
    QSet<Divider*> seen;
    for (const QSplitter* splitter : window_->findChildren<QSplitter*>()) {
      for (int i = 1; i < splitter->count(); ++i) {
        auto* divider = dynamic_cast<Divider*>(splitter->handle(i));
        ASSERT_NE(divider, nullptr) << name << ": a splitter without keys";
        if (divider->isVisible()) seen << divider;
      }
    }
    EXPECT_GE(seen.size(), 3) << name;
    window_->run_list().setFocus();
    QSet<Divider*> met;
    for (qsizetype i = 0; i < seen.size(); ++i) {
      QTest::keyClick(QApplication::focusWidget(), Qt::Key_F8);
      auto* divider = dynamic_cast<Divider*>(QApplication::focusWidget());
      ASSERT_NE(divider, nullptr) << name;
      met << divider;
      EXPECT_TRUE(name_told(*divider).startsWith("Divider between ")) << name;
      EXPECT_FALSE(name_told(*divider).endsWith(" and ")) << name;
      const QList<int> before = divider->splitter()->sizes();
      QTest::keyClick(divider, Qt::Key_Left);
      const QList<int> after = divider->splitter()->sizes();
      QTest::keyClick(divider, Qt::Key_Right);
      QTest::keyClick(divider, Qt::Key_Right);
      EXPECT_TRUE(after != before || divider->splitter()->sizes() != before)
          << name << ": " << name_told(*divider).toStdString() << " does not move";
    }
    EXPECT_EQ(met, seen) << name;
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    EXPECT_TRUE(window_->run_list().hasFocus()) << name;
  }
}

TEST_F(Keyboard, TakesADividerAsFarAsItGoes) {
  open();
  const auto* splitter = window_->scenario().findChild<KeptSplitter*>();
  auto* divider = dynamic_cast<Divider*>(splitter->handle(1));
  divider->take_focus(&window_->run_list());
  const QList<int> before = splitter->sizes();
  QTest::keyClick(divider, Qt::Key_Right, Qt::ShiftModifier);
  EXPECT_EQ(splitter->sizes()[0], before[0] + 1);
  QTest::keyClick(divider, Qt::Key_Home);
  EXPECT_EQ(splitter->sizes()[0], splitter->widget(0)->minimumSizeHint().width());
  EXPECT_TRUE(splitter->moved());  // and so it is kept
  QTest::keyClick(divider, Qt::Key_Escape);
  EXPECT_TRUE(window_->run_list().hasFocus());
}

}  // namespace
}  // namespace fleetwright::gui
