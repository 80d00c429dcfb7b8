#include "profiles/relatives.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "profiles/hardware_data.hpp"

namespace fleetwright {
namespace {

std::size_t place(const std::string& of, const std::string& other) {
  const auto& all = hardware_data().accelerators;
  const auto relatives = relatives_of(all.at(of), all);
  const auto at = std::ranges::find(relatives, other, &Accelerator::id);
  return static_cast<std::size_t>(at - relatives.begin());
}

TEST(Relatives, ThePartItselfThenItsChipThenItsArchitecture) {
  EXPECT_EQ(place("H800-SXM", "H800-SXM"), 0U);
  EXPECT_EQ(place("H800-SXM", "H100-SXM"), 1U);
  EXPECT_LT(place("GB300", "B200-SXM"), place("GB300", "H100-SXM"));
}

TEST(Relatives, OfLikeBalanceOfTensorRateAndBandwidth) {
  EXPECT_LT(place("H100-SXM", "H200-SXM"), place("H100-SXM", "H20-96")) << "within Hopper";
  EXPECT_LT(place("B200-SXM", "H100-SXM"), place("B200-SXM", "A100-SXM-80"));
  EXPECT_LT(place("B200-SXM", "H100-SXM"), place("B200-SXM", "H20-96"));
}

}  // namespace
}  // namespace fleetwright
