#include "models/core/format.hpp"

#include <gtest/gtest.h>

namespace fleetwright {
namespace {

TEST(Human, Times) {
  EXPECT_EQ(human(Seconds{19.926}), "19.93 s");
  EXPECT_EQ(human(Seconds{54.3 * 86400}), "54.30 days");
  EXPECT_EQ(human(Seconds{754.32}), "754.3 s");
  EXPECT_EQ(human(Seconds{7200}), "2.000 h");
  EXPECT_EQ(human(Seconds{3.33e-6}), "3.330 us");
  EXPECT_EQ(human(Seconds{0.02}), "20.00 ms");
  EXPECT_EQ(human(Seconds{0}), "0 s");
  EXPECT_EQ(human(Seconds{-19.926}), "-19.93 s");
}

TEST(Human, Sizes) {
  EXPECT_EQ(human(Bytes{61.2 * 1073741824}), "61.20 GiB");
  EXPECT_EQ(human(Bytes{70272}), "68.62 KiB");
  EXPECT_EQ(human(Bytes{512}), "512 B");
  EXPECT_EQ(human(Bytes{0}), "0 B");
}

TEST(Human, Money) {
  EXPECT_EQ(human(Usd{5.576e6}), "$5.576 M");
  EXPECT_EQ(human(Usd{1.6e9}), "$1.600 B");
  EXPECT_EQ(human(Usd{2}), "$2.00");
  EXPECT_EQ(human(Usd{0.0875}), "$0.087");
  EXPECT_EQ(human(Usd{0}), "$0.00");
  EXPECT_EQ(human(Usd{-5.576e6}), "-$5.576 M");
}

TEST(Human, Counts) {
  EXPECT_EQ(human_count(671026419200), "671.03 B");
  EXPECT_EQ(human_count(2.788e6), "2.788 M");
  EXPECT_EQ(human_count(37.55e9), "37.55 B");
  EXPECT_EQ(human_count(14.8e12), "14.80 T");
  EXPECT_EQ(human_count(2048), "2048");
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(0.5), "0.500");
}

TEST(Human, WhatRoundsUpToAUnitIsWrittenInIt) {
  EXPECT_EQ(human_count(999'999), "1.000 M");
  EXPECT_EQ(human_count(999'940), "999.94 K");
  EXPECT_EQ(human(Seconds{3599.99}), "1.000 h");
  EXPECT_EQ(human(Seconds{0.999999}), "1.000 s");
  EXPECT_EQ(human(Usd{999.999}), "$1.000 K");
  EXPECT_EQ(human(Usd{999.99}), "$999.99");
}

TEST(Percent, HasItsSign) {
  EXPECT_EQ(signed_percent(0.032), "+3.2 %");
  EXPECT_EQ(signed_percent(-0.5), "-50.0 %");
}

TEST(SixDigits, AreThoseOfGoldenFiles) {
  EXPECT_EQ(six_digits(1.0 / 3), "0.333333");
  EXPECT_EQ(six_digits(671026419200), "6.71026e+11");
  EXPECT_EQ(six_digits(19.926), "19.926");
  EXPECT_EQ(six_digits(-0.0), "0");
}

}  // namespace
}  // namespace fleetwright
