// What a pass is dealt into, and that each of its operators gets its own time.

#include "sim/pass_items.hpp"

#include <gtest/gtest.h>

#include "models/stage_operators.hpp"
#include "profiles/time_models/remembered.hpp"
#include "sim/program_builder.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

std::vector<PassItem> forward_of_layers(const StepSetup& setup, std::vector<int> layers) {
  return pass_items(stage_operators(setup.job, {false, std::move(layers), false}, Pass::forward),
                    *make_time_model(setup), {}, setup.stack, false, true);
}

TEST(PassItems, LayersOfOneStageThatSeeUnlikeManyKeysTakeUnlikeTimes) {
  StepSetup setup = testing::dense_setup("H100-SXM", 8);
  setup.job.model.sliding_window = 128;
  setup.job.model.sliding_window_period = 2;  // layer 0 slides, layer 1 sees all keys
  const auto together = forward_of_layers(setup, {0, 1});
  ASSERT_EQ(together.size(), 2U);
  EXPECT_LT(together[0].time, together[1].time);
  EXPECT_EQ(together[0].time, forward_of_layers(setup, {0}).front().time);
  EXPECT_EQ(together[1].time, forward_of_layers(setup, {1}).front().time);
}

/// Counts what it is asked, and answers with that.
class Counting final : public OperatorTimeModel {
 public:
  explicit Counting(int& asked) : asked_(asked) {}
  OperatorTime time(const Operator& /*op*/, const KernelContext& /*context*/) const override {
    return {Seconds{static_cast<double>(++asked_)}, {}};
  }

 private:
  int& asked_;
};

TEST(RememberedTimeModel, AsksOnceForEachOperatorAndContext) {
  int asked = 0;
  const RememberedTimeModel model(std::make_unique<Counting>(asked));
  const Norm norm{4096, 7168, false};
  const auto seconds = [&](const Operator& op, double sms) {
    return model.time(op, {sms}).time.si();
  };
  EXPECT_EQ(seconds(norm, 0), 1);
  EXPECT_EQ(seconds(norm, 20), 2);
  EXPECT_EQ(seconds(norm, 0), 1);
  EXPECT_EQ(seconds(Norm{7168, 4096, false}, 0), 3) << "as many bytes, another shape";
  EXPECT_EQ(seconds(Norm{4096, 7168, true}, 0), 4);
  EXPECT_EQ(asked, 4);
}

}  // namespace
}  // namespace fleetwright
