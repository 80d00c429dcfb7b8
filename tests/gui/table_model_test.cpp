#include "gui/models/table_model.hpp"

#include <gtest/gtest.h>

namespace fleetwright::gui {
namespace {

TEST(TableModel, ShowsTextAndSortsByValue) {
  TableModel model;
  model.set({{"name", "time"}, {{cell("a"), cell("2 s", 2.0)}, {cell("b"), cell("10 s", 10.0)}}});
  EXPECT_EQ(model.rowCount(), 2);
  EXPECT_EQ(model.columnCount(), 2);
  EXPECT_EQ(model.data(model.index(1, 1), Qt::DisplayRole).toString(), "10 s");
  EXPECT_EQ(model.data(model.index(1, 1), Qt::UserRole).toDouble(), 10.0);
  EXPECT_TRUE(model.is_numeric(1));
  EXPECT_FALSE(model.is_numeric(0));
}

TEST(CsvText, HasNumbersInFullAndQuotesText) {
  const TableData table{{"a,b", "c"}, {{cell("say \"x\""), cell("1.235", 1.23456789)}}};
  EXPECT_EQ(csv_text(table), "\"a,b\",c\n\"say \"\"x\"\"\",1.23456789\n");
}

}  // namespace
}  // namespace fleetwright::gui
