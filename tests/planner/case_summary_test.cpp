#include "planner/validation/case_summary.hpp"

#include <gtest/gtest.h>

#include "planner/output/scatter_svg.hpp"
#include "planner/output/validation_formats.hpp"

namespace fleetwright {
namespace {

CaseResult result(const std::string& family, double measured, std::optional<double> predicted,
                  bool core = false) {
  CaseResult r;
  r.measured.id = family + "-case";
  r.measured.family = family;
  r.measured.gpu = "H100-SXM";
  r.measured.core = core;
  r.software = "nanotron";
  if (measured > 0) r.measured.measured_time = Seconds{measured};
  r.capacity = Bytes{80e9};
  if (predicted) {
    r.time = Seconds{*predicted};
    r.memory = r.fullest = Bytes{90e9};
  } else {
    r.reason = "no such thing";
  }
  return r;
}

TEST(ErrorSummary, HasMeanMedianPercentileWorstAndDirection) {
  const ErrorSummary s = summarize({0.1, -0.3, 0.2, 0.0});
  EXPECT_EQ(s.count, 4);
  EXPECT_DOUBLE_EQ(s.mean_abs, 0.15);
  EXPECT_DOUBLE_EQ(s.median_abs, 0.15);
  EXPECT_NEAR(s.p90_abs, 0.27, 1e-12);
  EXPECT_DOUBLE_EQ(s.max_abs, 0.3);
  EXPECT_NEAR(s.mean, 0.0, 1e-12);
  EXPECT_EQ(summarize(std::vector<double>{}).count, 0);
}

TEST(ValidationSummary, EachFamilyCountsOnce) {
  // Three cases 10 % off in one family, one 50 % off in another.
  const ValidationSummary s = summarize(std::vector{result("a", 1, 1.1), result("a", 1, 0.9),
                                                    result("a", 1, 1.1), result("b", 1, 1.5)});
  EXPECT_NEAR(s.all.mean_abs, 0.2, 1e-12);
  EXPECT_NEAR(s.families.mean_abs, 0.3, 1e-12);
  EXPECT_EQ(s.families.count, 2);
}

TEST(ValidationSummary, KeepsWhatWasNotSimulated) {
  const ValidationSummary s = summarize(std::vector{
      result("a", 1, 1.1, true), result("a", 1, std::nullopt, true), result("b", 1, std::nullopt)});
  EXPECT_EQ(s.all.count, 1);
  EXPECT_EQ(s.all.not_simulated, 2);
  EXPECT_EQ(s.core.not_simulated, 1);
  EXPECT_EQ(s.families.not_simulated, 1) << "b has no case left";
  ASSERT_EQ(s.not_simulated.size(), 1U);
  EXPECT_EQ(s.not_simulated[0], (std::pair<std::string, int>{"no such thing", 2}));
}

TEST(ValidationSummary, CasesThatDidNotRunCountForMemoryAlone) {
  const ValidationSummary s = summarize(std::vector{result("a", 1, 1.1), result("b", 0, 2.0)});
  EXPECT_EQ(s.all.count, 1);
  EXPECT_EQ(s.verdicts.ran_and_does_not_fit, 1);
  EXPECT_EQ(s.verdicts.failed_and_does_not_fit, 1);
  EXPECT_EQ(s.verdicts.failed_and_fits, 0);
}

TEST(ValidationOutput, TableNamesEachCaseAndReason) {
  const std::vector results{result("a", 2, 2.2), result("b", 1, std::nullopt)};
  const std::string text = print_validation(results, summarize(results), "table");
  EXPECT_NE(text.find("+10.0 %"), std::string::npos);
  EXPECT_NE(text.find("not simulated: no such thing"), std::string::npos);
  EXPECT_NE(text.find("framework nanotron"), std::string::npos);
}

TEST(ScatterSvg, DrawsEachPointAndThreeLines) {
  const std::string svg = scatter_svg({{1, 2, "H100", "one <case>"}, {30, 20, "A100", "two"}});
  const auto count = [&](const std::string& word) {
    int n = 0;
    for (auto at = svg.find(word); at != std::string::npos; at = svg.find(word, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count("<title>"), 2);
  EXPECT_EQ(count("stroke=\"#444\""), 3);
  EXPECT_EQ(count("one &lt;case&gt;"), 1);
  EXPECT_EQ(count("H100 (1)"), 1);
}

}  // namespace
}  // namespace fleetwright
