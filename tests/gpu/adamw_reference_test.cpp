#include <gtest/gtest.h>

#include "profiles/gpu/reference/adamw.hpp"

namespace fleetwright::gpu::reference {
namespace {

// The corrections undo the factors of the first moments, so the first step is the sign.
TEST(AdamWReference, FirstStepMovesEachWeightByTheRate) {
  AdamW settings;
  settings.rate = 0.01;
  settings.epsilon = 0;
  settings.decay = 0;
  const AdamWState after = adamw(settings, {3.0, -0.001}, {{1.0, 1.0}, {0, 0}, {0, 0}});
  EXPECT_NEAR(after.weights[0], 0.99, 1e-15);
  EXPECT_NEAR(after.weights[1], 1.01, 1e-15);
  EXPECT_NEAR(after.first[0], 0.3, 1e-15);
  EXPECT_NEAR(after.second[0], 0.45, 1e-15);
}

TEST(AdamWReference, SecondStepByHand) {
  AdamW settings;
  settings.rate = 0.1;
  settings.beta1 = 0.5;
  settings.beta2 = 0.75;
  settings.epsilon = 0.5;
  settings.decay = 0.25;
  settings.step = 2;
  const AdamWState after = adamw(settings, {2.0}, {{4.0}, {1.0}, {0.75}});
  // m = 1.5, over 1 - 1/4: 2; v = 0.5625 + 1 = 1.5625, over 1 - 9/16: 25/7.
  EXPECT_NEAR(after.first[0], 1.5, 1e-15);
  EXPECT_NEAR(after.second[0], 1.5625, 1e-15);
  EXPECT_NEAR(after.weights[0], 4 - 0.1 * (2 / (1.8898223650461362 + 0.5) + 1.0), 1e-14);
}

TEST(AdamWReference, DecayIsApartFromTheGradient) {
  AdamW settings;
  settings.rate = 0.5;
  settings.decay = 0.1;
  const AdamWState after = adamw(settings, {0.0}, {{2.0}, {0}, {0}});
  EXPECT_NEAR(after.weights[0], 2 * (1 - 0.5 * 0.1), 1e-15);
  EXPECT_EQ(after.first[0], 0.0);  // an L2 penalty would be here
}

TEST(AdamWReference, StepDoesNotDependOnTheScaleOfAllGradients) {
  AdamW settings;
  settings.epsilon = 0;
  AdamWState once{{1.0, 2.0}, {0, 0}, {0, 0}}, scaled = once;
  for (settings.step = 1; settings.step <= 5; ++settings.step) {
    const double g = 0.1 * settings.step;
    settings.gradient_scale = 1;
    once = adamw(settings, {g, -g * g}, once);
    settings.gradient_scale = 1000;
    scaled = adamw(settings, {g, -g * g}, scaled);
  }
  EXPECT_NEAR(once.weights[0], scaled.weights[0], 1e-14);
  EXPECT_NEAR(once.weights[1], scaled.weights[1], 1e-14);
  EXPECT_NEAR(scaled.first[0] / once.first[0], 1000, 1e-9);
  EXPECT_NEAR(scaled.second[0] / once.second[0], 1e6, 1e-6);
}

}  // namespace
}  // namespace fleetwright::gpu::reference
