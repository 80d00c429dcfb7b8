// Steps of many kinds that others published. The bounds are what is reached, not what is hoped for:
// no change may make them worse unseen.

#include <gtest/gtest.h>

#include "planner/validation/case_summary.hpp"

namespace fleetwright {
namespace {

const ValidationSummary& published_steps() {
  static const ValidationSummary summary = [] {
    return summarize(predict_cases(
        read_cases("tests/validation/data/published_steps.csv").cases, read_case_data(),
        [] { return std::make_unique<AnalyticEstimator>(); }, 2, [](std::size_t) {}));
  }();
  return summary;
}

TEST(PublishedSteps, AreAllSimulated) {
  EXPECT_EQ(published_steps().all.not_simulated, 0);
  EXPECT_GE(published_steps().all.count, 30);
}

TEST(PublishedSteps, MedianErrorStaysWhereItIs) {
  EXPECT_LT(published_steps().all.median_abs, 0.09);
}

TEST(PublishedSteps, MeanErrorStaysWhereItIs) { EXPECT_LT(published_steps().all.mean_abs, 0.105); }

}  // namespace
}  // namespace fleetwright
