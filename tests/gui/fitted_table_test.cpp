#include "gui/fitted_table.hpp"

#include <gtest/gtest.h>

#include <QHeaderView>
#include <QTest>

#include "gui/models/table_model.hpp"

namespace fleetwright::gui {
namespace {

class FittedTableTest : public ::testing::Test {
 protected:
  void show(int width) {
    TableData data{{"What", "Seconds", "Source"}, {}};
    data.rows.push_back({cell("a short name"), cell("1.5 s", 1.5), cell(QString(400, 'x'))});
    data.rows.push_back({cell("another"), cell("2.5 s", 2.5), cell("short")});
    model_.set(data);
    table_.setModel(&model_);
    table_.resize(width, 200);
    table_.show();
    table_.fit_anew();
  }

  int width_of_all() const { return table_.horizontalHeader()->length(); }

  TableModel model_;
  FittedTable table_;
};

TEST_F(FittedTableTest, CutsTextsBeforeNumbersAndIsNotScrolledSideways) {
  show(330);
  EXPECT_LE(width_of_all(), table_.viewport()->width());
  EXPECT_GE(table_.columnWidth(1), table_.fontMetrics().horizontalAdvance("Seconds"));
  EXPECT_TRUE(table_.is_cut(0));
  EXPECT_FALSE(table_.is_cut(1));
}

TEST_F(FittedTableTest, GivesTheRoomThatIsLeftToTheLastText) {
  show(1200);
  EXPECT_EQ(width_of_all(), table_.viewport()->width());
  table_.resize(900, 200);
  EXPECT_EQ(width_of_all(), table_.viewport()->width());
}

TEST_F(FittedTableTest, LeavesColumnsAsSomeoneSizedThem) {
  show(1200);
  table_.horizontalHeader()->resizeSection(0, 333);
  table_.resize(900, 200);
  EXPECT_EQ(table_.columnWidth(0), 333);
}

TEST_F(FittedTableTest, TellsTheRowThatIsMetAndTheOneThatIsChosen) {
  show(600);
  int met = -1;
  int chosen = -1;
  QObject::connect(&table_, &FittedTable::row_met, &table_,
                   [&](const QModelIndex& index) { met = index.row(); });
  QObject::connect(&table_, &FittedTable::row_chosen, &table_,
                   [&](const QModelIndex& index) { chosen = index.row(); });
  table_.setCurrentIndex(model_.index(0, 1));
  QTest::keyClick(&table_, Qt::Key_Down);
  EXPECT_EQ(met, 1);
  EXPECT_EQ(chosen, -1);
  QTest::keyClick(&table_, Qt::Key_Return);
  EXPECT_EQ(chosen, 1);
  met = -1;
  table_.resize(400, 200);
  EXPECT_EQ(met, 1) << "after a change of widths it is told again";
  QTest::keyClick(&table_, Qt::Key_Up, Qt::AltModifier);
  EXPECT_EQ(table_.horizontalHeader()->sortIndicatorSection(), 1);
  EXPECT_EQ(table_.horizontalHeader()->sortIndicatorOrder(), Qt::DescendingOrder);
}

}  // namespace
}  // namespace fleetwright::gui
