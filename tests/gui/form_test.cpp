#include <gtest/gtest.h>

#include <QAccessible>
#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include "gui/code_editor.hpp"
#include "gui/models/toml_text.hpp"
#include "gui/number_field.hpp"
#include "gui/scenario_form.hpp"
#include "gui/theme.hpp"
#include "tests/gui/window_fixture.hpp"

// The form: limits of the program at its fields, and what happens beyond them.
namespace fleetwright::gui {
namespace {

using testing::wait_until;

class Form : public WindowFixture {
 protected:
  QWidget& field(const char* path) {
    QWidget* found = window_->scenario().form().field(path);
    EXPECT_NE(found, nullptr) << path;
    return *found;
  }
  NumberField& number(const char* path) { return dynamic_cast<NumberField&>(field(path)); }

  // Replaces what stands in a field; nothing is entered yet.
  void type(NumberField& into, const char* text) {
    into.setFocus();
    into.line().selectAll();
    QTest::keyClicks(&into, text);
  }

  static bool is_red(const QWidget& shown) {
    return shown.palette().color(QPalette::Text) == error_colour();
  }

  QString in_text(const char* path) {
    const auto place = find_value(window_->scenario().text(), path);
    return place ? place->text : QString();
  }
};

TEST_F(Form, HasTheLimitsOfTheProgramAtItsFields) {
  open();
  NumberField& dp = number("strategy.dp");
  EXPECT_EQ(dp.minimum(), 1);
  EXPECT_EQ(dp.maximum(), 1'000'000);
  EXPECT_TRUE(dp.toolTip().contains("a whole number from 1 to 1000000"));
  EXPECT_EQ(dp.accessibleDescription(), "a whole number from 1 to 1000000");
  QAccessibleInterface* told = QAccessible::queryAccessibleInterface(&dp);
  ASSERT_NE(told->valueInterface(), nullptr);
  EXPECT_EQ(told->valueInterface()->currentValue().toDouble(), 128);
  EXPECT_EQ(told->valueInterface()->maximumValue().toDouble(), 1'000'000);
  EXPECT_TRUE(field("training.tokens").toolTip().contains("with its unit, as in 14.8 T tokens"));
  const auto& accelerators = dynamic_cast<QComboBox&>(field("cluster.accelerator"));
  EXPECT_GE(accelerators.findText("A100-SXM-80"), 0);
  EXPECT_FALSE(accelerators.isEditable());
  EXPECT_TRUE(dynamic_cast<QComboBox&>(field("model.config")).isEditable());
}

TEST_F(Form, SaysWhatTheFieldMayHoldThatTheKeyboardIsIn) {
  open();
  number("strategy.pp").setFocus();
  bool told = false;
  for (const QLabel* label : window_->scenario().findChildren<QLabel*>()) {
    told = told || label->text().startsWith("strategy.pp: a whole number from 1 to 65536");
  }
  EXPECT_TRUE(told);
}

TEST_F(Form, StepsByArrowsUpToTheLimit) {
  open();
  NumberField& ports = number("cluster.switch_ports");
  ports.setFocus();
  QTest::keyClick(&ports, Qt::Key_Down);
  EXPECT_EQ(in_text("cluster.switch_ports"), "63");
  type(ports, "1024");
  QTest::keyClick(&ports, Qt::Key_Return);
  QTest::keyClick(&ports, Qt::Key_Up);
  EXPECT_EQ(in_text("cluster.switch_ports"), "1024");
}

TEST_F(Form, MarksWhatIsBeyondTheLimitsWhileItIsTyped) {
  open();
  NumberField& tp = number("strategy.tp");
  const QString before = window_->scenario().text();
  type(tp, "65537");
  EXPECT_TRUE(is_red(tp));
  EXPECT_TRUE(tp.toolTip().startsWith("65537 is not a whole number from 1 to 65536"));
  EXPECT_EQ(tp.accessibleDescription(), "65537 is not a whole number from 1 to 65536");
  EXPECT_EQ(window_->scenario().text(), before);  // nothing is entered yet
  QTest::keyClick(&tp, Qt::Key_Backspace);
  EXPECT_FALSE(is_red(tp));
}

TEST_F(Form, KeepsWhatIsWrongWhereItWasEnteredUntilItIsRight) {
  open();
  NumberField& tp = number("strategy.tp");
  type(tp, "70000");
  QTest::keyClick(&tp, Qt::Key_Return);
  EXPECT_EQ(in_text("strategy.tp"), "70000");
  wait_for_check();
  EXPECT_FALSE(good_);
  EXPECT_TRUE(window_->scenario().problem().contains("outside 1 to 65536"));
  EXPECT_EQ(tp.text(), "70000");
  EXPECT_TRUE(is_red(tp));
  EXPECT_TRUE(tp.toolTip().contains("outside 1 to 65536"));
  // What it was before is a change now.
  type(tp, "1");
  QTest::keyClick(&tp, Qt::Key_Return);
  EXPECT_EQ(in_text("strategy.tp"), "1");
  wait_for_check();
  EXPECT_TRUE(good_);
  EXPECT_FALSE(is_red(tp));
}

TEST_F(Form, UndoesWhatWasEnteredFromWithinTheField) {
  open();
  const QString before = window_->scenario().text();
  NumberField& ports = number("cluster.switch_ports");
  type(ports, "32");
  // What is being typed is the field's own to undo, and nothing is entered.
  QTest::keyClick(&ports, Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(window_->scenario().text(), before);
  type(ports, "32");
  QTest::keyClick(&ports, Qt::Key_Return);
  EXPECT_EQ(in_text("cluster.switch_ports"), "32");
  QTest::keyClick(&ports, Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(window_->scenario().text(), before);
  ASSERT_TRUE(wait_until([&] { return ports.text() == "64"; }));
  QTest::keyClick(&ports, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(in_text("cluster.switch_ports"), "32");
}

TEST_F(Form, DoesNotOverwriteWhatIsBeingTyped) {
  open();
  NumberField& ports = number("cluster.switch_ports");
  type(ports, "32");
  QTest::keyClick(&ports, Qt::Key_Return);
  NumberField& batch = number("strategy.global_batch");
  type(batch, "153");  // before the program has answered
  wait_for_check();
  EXPECT_EQ(batch.text(), "153");
}

TEST_F(Form, ChangesSettingsInBracesAndBelowTablesOfAnArray) {
  ASSERT_TRUE(window_->open(QFileInfo("scenarios/deepseek-serving.toml").absoluteFilePath()));
  wait_for_check();
  NumberField& share = number("serving.cached_share.typical");
  type(share, "0.5");
  QTest::keyClick(&share, Qt::Key_Return);
  wait_for_check();
  EXPECT_TRUE(good_) << window_->scenario().problem().toStdString();
  EXPECT_EQ(in_text("serving.cached_share.typical"), "0.5");
  ASSERT_TRUE(window_->open(QFileInfo("scenarios/deepseek-r1.toml").absoluteFilePath()));
  wait_for_check();
  NumberField& outputs = number("phase[0].rollouts.outputs_per_round");
  type(outputs, "1024");
  QTest::keyClick(&outputs, Qt::Key_Return);
  wait_for_check();
  EXPECT_TRUE(good_) << window_->scenario().problem().toStdString();
  EXPECT_EQ(in_text("phase[0].rollouts.outputs_per_round"), "1024");
}

TEST_F(Form, IsScrolledByTheWheelAndNotChanged) {
  open();
  const QString before = window_->scenario().text();
  for (const char* path : {"cluster.accelerator", "strategy.dp"}) {
    QWidget& under = field(path);
    under.setFocus();
    QWheelEvent wheel(QPointF(5, 5), under.mapToGlobal(QPointF(5, 5)), {}, {0, -120}, Qt::NoButton,
                      {}, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&under, &wheel);
  }
  EXPECT_EQ(window_->scenario().text(), before);
}

TEST_F(Form, TakesALineOutAndShowsTheDefaultAgain) {
  open();
  NumberField& micro = number("strategy.micro_batch");
  type(micro, "2");
  QTest::keyClick(&micro, Qt::Key_Return);
  wait_for_check();
  micro.line().selectAll();
  QTest::keyClick(&micro, Qt::Key_Delete);
  QTest::keyClick(&micro, Qt::Key_Return);
  EXPECT_EQ(in_text("strategy.micro_batch"), "");
  ASSERT_TRUE(wait_until([&] { return micro.text() == "1"; }));
  // A default that is wiped out comes back at once.
  micro.line().selectAll();
  QTest::keyClick(&micro, Qt::Key_Delete);
  QTest::keyClick(&micro, Qt::Key_Return);
  EXPECT_EQ(micro.text(), "1");
}

TEST(SteppedNumber, GoesByTheLastDigitThatIsWritten) {
  const AllowedValues any{"number", 0.1, 10.0, {}, {}, {}};
  EXPECT_EQ(stepped_number("1.3", 1, any), "1.4");
  EXPECT_EQ(stepped_number("1.30", -1, any), "1.29");
  EXPECT_EQ(stepped_number("2", -1, any), "1");
  EXPECT_EQ(stepped_number("1", -1, any), "0.1");  // the limit
  EXPECT_EQ(stepped_number("9.95", 10, any), "10.00");
  EXPECT_EQ(stepped_number("2.5e-1", 1, any), "2.6e-01");
  EXPECT_EQ(stepped_number("x", 1, any), "x");
  const AllowedValues degree{"integer", 1, 8, {}, {}, {}};
  EXPECT_EQ(stepped_number("7", 10, degree), "8");
  EXPECT_EQ(stepped_number("1", -1, degree), "1");
}

}  // namespace
}  // namespace fleetwright::gui
