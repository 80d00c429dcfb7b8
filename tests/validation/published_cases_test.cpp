// Steps of many kinds that others published. The bounds are what is reached, not what is hoped for:
// no change may make them worse unseen.

#include <gtest/gtest.h>

#include "planner/validation/case_summary.hpp"

namespace fleetwright {
namespace {

ValidationSummary summary_of(const char* file) {
  return summarize(predict_cases(
      read_cases(file).cases, read_case_data(),
      [] { return std::make_unique<AnalyticEstimator>(); }, 2, [](std::size_t) {}));
}

const ValidationSummary& published_steps() {
  static const ValidationSummary summary = summary_of("tests/validation/data/published_steps.csv");
  return summary;
}

const ValidationSummary& unseen_steps() {
  static const ValidationSummary summary = summary_of("tests/validation/data/unseen_steps.csv");
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

// Runs that no factor was estimated from: models, sizes and trainers that no estimated row has.
TEST(UnseenSteps, AreAllSimulated) {
  EXPECT_EQ(unseen_steps().all.not_simulated, 0);
  EXPECT_EQ(unseen_steps().all.count, 71);
}

TEST(UnseenSteps, ComeOutAboutAsFarOffAsTheSeenOnes) {
  EXPECT_LT(unseen_steps().all.mean_abs, 0.085);
  EXPECT_LT(unseen_steps().all.median_abs, 0.08);
  EXPECT_LT(unseen_steps().all.max_abs, 0.29);
}

}  // namespace
}  // namespace fleetwright
