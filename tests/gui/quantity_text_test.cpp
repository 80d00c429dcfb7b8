#include "gui/models/quantity_text.hpp"

#include <gtest/gtest.h>

namespace fleetwright::gui {
namespace {

TEST(QuantityText, HasTheUnitThatThePathEndsIn) {
  EXPECT_EQ(value_text("step.time_s", 18.604), "18.60 s");
  EXPECT_EQ(value_text("step.parts_s.forward", 0.4113), "411.3 ms");
  EXPECT_EQ(value_text("memory.peak_bytes", 76350765447.4), "71.11 GiB");
  EXPECT_EQ(value_text("cost.rental_usd.p50", 5130590), "$5.131 M");
  EXPECT_EQ(value_text("run.total_gpu_hours", 2565295), "2.565 M h");
  EXPECT_EQ(value_text("step.mfu", 0.469203), "46.92 %");
  EXPECT_EQ(value_text("energy.facility_mwh", 2814.7), "2.815 GWh");
  EXPECT_EQ(value_text("cluster.accelerators", 2048), "2048");
  EXPECT_EQ(value_text("model.parameters_total", 671026419200), "671.0 B");
}

TEST(QuantityText, IsPlainAtTheEdges) {
  EXPECT_EQ(four_digits(0), "0");
  EXPECT_EQ(four_digits(-2.5), "-2.500");
  EXPECT_EQ(four_digits(1.0 / 0.0), "-");
  EXPECT_EQ(seconds_text(0), "0 s");
  EXPECT_EQ(percent(-0.0663, true), "-6.6 %");
  EXPECT_EQ(percent(0.0757, true), "+7.6 %");
}

TEST(QuantityText, NamesWhatItDoesNotKnowByItsPath) {
  EXPECT_EQ(label_of("step.time_s"), "Time of a step");
  EXPECT_EQ(label_of("cost.some_new_value"), "Some new value");
}

}  // namespace
}  // namespace fleetwright::gui
