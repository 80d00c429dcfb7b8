#include "planner/price_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "models/core/data_files.hpp"
#include "models/core/diagnostics.hpp"
#include "models/core/toml_document.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;

Price price(const std::string& kind, const std::string& region, const std::string& date,
            double typical) {
  return {"server.X",
          kind,
          region,
          parse_date(date),
          {typical * 0.9, typical, typical * 1.1},
          "USD/8 GPU",
          "high",
          "KEY-" + kind,
          ""};
}

PriceBook book() {
  UncertaintyRules rules;
  rules.hold_months = 24;
  return {{price("quote", "US", "2023-01", 100), price("quote", "US", "2025-01", 200),
           price("list", "US", "2025-01", 300), price("grey", "CN", "2024-01", 500)},
          rules};
}

PriceAnswer found(const PriceQuery& query) {
  const auto answer = book().find(query);
  EXPECT_TRUE(std::holds_alternative<PriceAnswer>(answer));
  return std::holds_alternative<PriceAnswer>(answer) ? std::get<PriceAnswer>(answer)
                                                     : PriceAnswer{};
}

std::string refused(const PriceQuery& query) {
  const auto answer = book().find(query);
  return std::holds_alternative<NoPrice>(answer) ? std::get<NoPrice>(answer).why : "";
}

TEST(PriceBook, InterpolatesBetweenDates) {
  const PriceAnswer a = found({"server.X", *parse_date("2024-01"), {"US"}, {"quote"}});
  EXPECT_NEAR(a.range.typical, 150, 1e-9);
  EXPECT_NEAR(a.range.low, 135, 1e-9);
  EXPECT_THAT(a.how, HasSubstr("interpolated"));
}

TEST(PriceBook, HoldsAndDoesNotCarryTrendsOn) {
  const PriceAnswer later = found({"server.X", *parse_date("2026-06"), {"US"}, {"quote"}});
  EXPECT_EQ(later.range.typical, 200);
  EXPECT_THAT(later.how, HasSubstr("held since"));
  EXPECT_EQ(refused({"server.X", *parse_date("2027-06"), {"US"}, {"quote"}}),
            "no price known for server.X in US on 2027-06-01 of kind quote; nearest is 200 USD/8 "
            "GPU, quote of 2025-01-01 in US");
}

TEST(PriceBook, JoinsKindsIntoOneRange) {
  const PriceAnswer a = found({"server.X", *parse_date("2025-01"), {"US"}, {}});
  EXPECT_NEAR(a.range.low, 180, 1e-9);
  EXPECT_NEAR(a.range.typical, 250, 1e-9);
  EXPECT_NEAR(a.range.high, 330, 1e-9);
  EXPECT_THAT(a.sources, ::testing::UnorderedElementsAre("KEY-quote", "KEY-list"));
}

TEST(PriceBook, GivesGreyPricesOnlyWhenAskedForByName) {
  EXPECT_EQ(found({"server.X", *parse_date("2024-01"), {"CN", "US"}, {}}).region, "US");
  EXPECT_EQ(found({"server.X", *parse_date("2024-01"), {"CN", "US"}, {"grey"}}).range.typical, 500);
}

TEST(PriceBook, NamesTheNearestItem) {
  EXPECT_THAT(refused({"server.Y", *parse_date("2024-01"), {"US"}, {}}),
              HasSubstr("the nearest that has one is server.X"));
}

TEST(PriceBook, PointsAtABadRow) {
  const TemporaryFolder folder;
  const auto rules = data_file("planner/data/uncertainty.toml");
  const std::string header = "item,kind,region,date,low,typical,high,unit,confidence,source,note\n";
  const auto refuse = [&](const std::string& row) {
    try {
      static_cast<void>(read_price_book({folder.write("prices.csv", header + row)}, rules));
    } catch (const ScenarioError& e) {
      return render(e.diagnostics());
    }
    return std::string();
  };
  EXPECT_THAT(refuse("a,list,US,2024-13,,1,,USD,high,K,\n"),
              HasSubstr("prices.csv:2:11: error: '2024-13' is no day"));
  EXPECT_THAT(refuse("a,list,US,2024,,1,,USD,high,,\n"), HasSubstr("a price needs a source"));
  EXPECT_THAT(refuse("a,list,US,2024,2,1,,USD,high,K,\n"), HasSubstr("low is more than typical"));
  EXPECT_THAT(refuse("a,list,US,2024,,1,,USD,sure,K,\n"), HasSubstr("one of: high, medium, low"));
  EXPECT_EQ(refuse("a,list,US,2024,,1,,USD,high,K,\n"), "");
}

TEST(PriceBook, NamesSourcesThatExist) {
  std::set<std::string> known;
  for (const char* file : {"profiles/data/sources.toml", "planner/data/sources.toml"}) {
    for (const TomlEntry& e : parse_toml_file(data_file(file)).entries) known.insert(e.key);
  }
  ASSERT_GE(price_book().prices().size(), 150U);
  for (const Price& p : price_book().prices()) {
    std::istringstream keys(p.source);
    for (std::string key; keys >> key;) EXPECT_TRUE(known.contains(key)) << key;
  }
}

TEST(PriceBook, HasOneUnitAnItem) {
  std::map<std::string, std::string> units;
  for (const Price& p : price_book().prices()) {
    const auto [it, first] = units.emplace(p.item, p.unit);
    EXPECT_EQ(it->second, p.unit) << p.item;
  }
}

// Rents of H100 fell until late 2025 and rose again: what is known is followed, not a trend.
TEST(PriceBook, FollowsTheRentOfH100DownAndUp) {
  const auto rent = [](const char* day, const char* kind) {
    return std::get<PriceAnswer>(
               price_book().find({"rent.H100-SXM", *parse_date(day), {"US"}, {kind}}))
        .range.typical;
  };
  EXPECT_LT(rent("2025-10", "contract"), rent("2026-03", "contract"));
  EXPECT_GT(rent("2023-09", "cloud"), rent("2024-02", "cloud"));
}

}  // namespace
}  // namespace fleetwright::testing
