#include "planner/date.hpp"

#include <gtest/gtest.h>

namespace fleetwright::testing {
namespace {

TEST(Date, ReadsDaysMonthsAndYears) {
  EXPECT_EQ(parse_date("2024-02-29"), (Date{2024, 2, 29}));
  EXPECT_EQ(parse_date("2024-12"), (Date{2024, 12, 1}));
  EXPECT_EQ(parse_date("2024"), (Date{2024, 7, 1})) << "the middle of what it may mean";
}

TEST(Date, RefusesWhatIsNoDay) {
  for (const char* text : {"", "2023-02-29", "2024-13", "2024-1", "2024-00-01", "20240101", "1800",
                           "2024-12-32", "-024", "2024-+1", "2024-12-1x"}) {
    EXPECT_FALSE(parse_date(text).has_value()) << text;
  }
}

TEST(Date, CountsMonths) {
  EXPECT_EQ(months_between(*parse_date("2023-11-01"), *parse_date("2024-01-01")), 2);
  EXPECT_NEAR(months_between(*parse_date("2024-02-01"), *parse_date("2024-02-15")), 14.0 / 29,
              1e-9);
  EXPECT_LT(months_between(*parse_date("2024"), *parse_date("2023")), 0);
}

}  // namespace
}  // namespace fleetwright::testing
