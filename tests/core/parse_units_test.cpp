#include "models/core/parse_units.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <string>

namespace fleetwright {
namespace {

template <typename Q>
double value(std::string_view text) {
  const auto parsed = parse_quantity<Q>(text);
  if (const auto* error = std::get_if<UnitError>(&parsed)) {
    ADD_FAILURE() << error->message;
    return std::nan("");
  }
  return std::get<Q>(parsed).si();
}

// "message -> suggestion", or what was read.
template <typename Q>
std::string refusal(std::string_view text) {
  const auto parsed = parse_quantity<Q>(text);
  if (const auto* error = std::get_if<UnitError>(&parsed)) {
    return error->suggestion.empty() ? error->message : error->message + " -> " + error->suggestion;
  }
  return "read as " + std::to_string(std::get<Q>(parsed).si());
}

TEST(ParseUnits, EachDimensionReadsItsExample) {
  EXPECT_EQ(value<Seconds>(example_of<Seconds>()), 19.9);
  EXPECT_EQ(value<Hertz>(example_of<Hertz>()), 1.98e9);
  EXPECT_EQ(value<Bytes>(example_of<Bytes>()), 80.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(value<BytesPerSecond>(example_of<BytesPerSecond>()), 50e9);
  EXPECT_EQ(value<Flop>(example_of<Flop>()), 250e9);
  EXPECT_EQ(value<FlopPerSecond>(example_of<FlopPerSecond>()), 989.4e12);
  EXPECT_EQ(value<Joules>(example_of<Joules>()), 12 * 3.6e9);
  EXPECT_EQ(value<Watts>(example_of<Watts>()), 700);
  EXPECT_EQ(value<Usd>(example_of<Usd>()), 1.5e6);
  EXPECT_EQ(value<UsdPerSecond>(example_of<UsdPerSecond>()), 2.0 / 3600);
  EXPECT_EQ(value<Tokens>(example_of<Tokens>()), 14.8e12);
}

TEST(ParseUnits, DecimalIsNotBinary) {
  EXPECT_EQ(value<Bytes>("80 GB"), 80e9);
  EXPECT_EQ(value<Bytes>("80 GiB"), 85899345920.0);
  EXPECT_EQ(value<Bytes>("1 KiB"), 1024);
  EXPECT_EQ(value<Bytes>("1 kB"), 1000);
}

TEST(ParseUnits, BitsAreNotBytes) {
  EXPECT_EQ(value<BytesPerSecond>("400 Gb/s"), 50e9);
  EXPECT_EQ(value<BytesPerSecond>("400 GB/s"), 400e9);
  EXPECT_EQ(refusal<Bytes>("80 Gb"),
            "unknown unit 'Gb' in '80 Gb', which must be an amount of data -> did you mean 'GB'?");
  // The nearest word is Gbps, which is an eighth of what was meant.
  EXPECT_EQ(refusal<BytesPerSecond>("400 GBps"),
            "unknown unit 'GBps' in '400 GBps', which must be a bandwidth -> did you mean 'GB/s'?");
}

TEST(ParseUnits, SpacesMayStandAroundAndInTheUnit) {
  EXPECT_EQ(value<Bytes>("80GiB"), value<Bytes>("  80  GiB "));
  EXPECT_EQ(value<UsdPerSecond>("$2/h"), value<UsdPerSecond>("$ 2.00 / h"));
  EXPECT_EQ(value<Tokens>("14.8T tokens"), 14.8e12);
  EXPECT_EQ(value<Seconds>("1e3 s"), 1000);
}

TEST(ParseUnits, SpacesMayNotStandInTheNumber) {
  EXPECT_EQ(refusal<Seconds>("1 0 s"),
            "unknown unit '0s' in '1 0 s', which must be a time -> did you mean 's'?");
}

TEST(ParseUnits, MoneyAndTokens) {
  EXPECT_EQ(value<Usd>("$1.5 M"), 1.5e6);
  EXPECT_EQ(value<Usd>("$1.6B"), 1.6e9);
  EXPECT_EQ(value<Usd>("$ 30 k"), 30e3);
  EXPECT_EQ(value<UsdPerSecond>("$24 / day"), 24.0 / 86400);
  EXPECT_EQ(value<Tokens>("100 tokens"), 100);
  EXPECT_EQ(refusal<Usd>("5 M").substr(0, 57),
            "unknown unit 'M' in '5 M', which must be an amount of mon");
}

TEST(ParseUnits, AMissingUnitIsNamed) {
  EXPECT_EQ(refusal<Bytes>("80"),
            "'80' has no unit, and it must be an amount of data -> write it with a unit, as in "
            "\"80 GiB\"");
}

TEST(ParseUnits, AMissingNumberIsNamed) {
  EXPECT_EQ(refusal<Seconds>("s"),
            "'s' is not a time: it does not start with a number -> write it as \"19.9 s\"");
  EXPECT_EQ(refusal<Seconds>(""),
            "'' is not a time: it does not start with a number -> write it as \"19.9 s\"");
  EXPECT_EQ(refusal<Usd>("$"),
            "'$' is not an amount of money: it does not start with a number -> write it as "
            "\"$1.5 M\"");
}

TEST(ParseUnits, AnotherDimensionsUnitListsTheRightOnes) {
  EXPECT_EQ(
      refusal<Watts>("700 Gbps"),
      "unknown unit 'Gbps' in '700 Gbps', which must be a power -> units of a power: W, kW, MW, "
      "GW");
}

TEST(ParseUnits, NoNumberOfTheRealWorld) {
  EXPECT_EQ(refusal<Seconds>("nan s"), "'nan s' is not a number");
  EXPECT_EQ(refusal<Seconds>("inf s"),
            "'inf s' is absurdly large for a time -> check the exponent and the unit");
  EXPECT_EQ(refusal<Seconds>("1e400 s"),
            "'1e400 s' is absurdly large for a time -> check the exponent and the unit");
  EXPECT_EQ(
      refusal<Flop>("1e20 YFLOP"),
      "'1e20 YFLOP' is absurdly large for a count of operations -> check the exponent and the "
      "unit");
  EXPECT_EQ(refusal<Seconds>("-1 s"), "'-1 s' is negative, and a time cannot be");
  EXPECT_EQ(refusal<Seconds>("-1e400 s"), "'-1e400 s' is negative, and a time cannot be");
  EXPECT_EQ(refusal<Usd>("-$5"), "'-$5' is negative, and an amount of money cannot be");
  EXPECT_EQ(refusal<Usd>("-$-5"), "'-$-5' is negative, and an amount of money cannot be");
  EXPECT_EQ(refusal<Usd>("$-5"), "'$-5' is negative, and an amount of money cannot be");
}

TEST(ParseUnits, NothingIsZeroWithoutASign) {
  EXPECT_EQ(value<Seconds>("1e-400 s"), 0.0);
  EXPECT_FALSE(std::signbit(value<Seconds>("-0 s")));
}

RC_GTEST_PROP(ParseUnits, AnyTextIsReadOrRefusedAndFinite, (const std::string& text)) {
  const auto parsed = parse_quantity<Bytes>(text + " GB");
  if (const auto* q = std::get_if<Bytes>(&parsed)) {
    RC_ASSERT(is_finite(*q));
    RC_ASSERT(*q >= Bytes{0});
  } else {
    RC_ASSERT(!std::get<UnitError>(parsed).message.empty());
  }
}

}  // namespace
}  // namespace fleetwright
