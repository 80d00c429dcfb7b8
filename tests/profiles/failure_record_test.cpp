#include "profiles/failure_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/core/data_files.hpp"
#include "models/core/error.hpp"
#include "models/core/toml_document.hpp"
#include "profiles/failure_pool.hpp"

namespace fleetwright {
namespace {

using ::testing::ElementsAre;

const std::map<std::string, FailureRecord>& records() {
  static const auto all = read_failure_records(data_file("profiles/data/reliability.toml"));
  return all;
}

double events_of(const FailureRecord& r, bool planned) {
  double events = 0;
  for (const StopRecord& stop : r.stops) {
    if (stop.planned == planned) events += stop.events.value_or(0);
  }
  return events;
}

constexpr double per_day = 86400;

TEST(FailureRecord, CountsTheInterruptionsOfLlama3) {
  EXPECT_EQ(events_of(records().at("llama3-405b"), false), 419);
  EXPECT_EQ(events_of(records().at("llama3-405b"), true), 47);
}

TEST(FailureRecord, CountsTheHardwareFailuresOfFireFlyer) {
  EXPECT_EQ(events_of(records().at("fire-flyer-2"), false), 292);
}

TEST(FailureRecord, RatesAreEventsOverPartsAndTime) {
  const FailureRecord& llama = records().at("llama3-405b");
  EXPECT_NEAR(rate_of(llama, llama.stops.front()).si() * per_day, 148 / (16384.0 * 54), 1e-12);
  const FailureRecord& rsc = records().at("meta-rsc-1");
  EXPECT_NEAR(rate_of(rsc, rsc.stops.front()).si() * per_day, 0.0065, 1e-12);
}

TEST(FailureRecord, EverySourceIsKnown) {
  const TomlMap sources = parse_toml_file(data_file("profiles/data/sources.toml"));
  for (const auto& [id, r] : records()) {
    EXPECT_NE(sources.find(r.provenance.source), nullptr) << id;
    for (const auto& time : {r.detection, r.restart, r.repair}) {
      if (!time) continue;
      EXPECT_NE(sources.find(time->provenance.source), nullptr) << id;
    }
  }
}

// (6.5, 2.34, 4.44) failures in 1,000 node-days: RSC-1, RSC-2, C4.
TEST(FailurePool, IsTheGeometricMeanOfWhatIsNotLeftOut) {
  const FailurePool pool = pool_failures(records(), {"llama3-405b"});
  EXPECT_THAT(pool.records, ElementsAre("alibaba-c4", "meta-rsc-1", "meta-rsc-2"));
  double per_node = 0;
  for (const StopRecord& stop : pool.stops) {
    const double parts = stop.part == Part::node ? 1 : 8;
    per_node += stop.rate.value().si() * per_day * parts;
    EXPECT_FALSE(stop.planned);  // only Llama's record has any
  }
  const double c4 = 40 / (300.0 * 30);
  EXPECT_NEAR(per_node, std::cbrt(0.0065 * 0.00234 * c4), 1e-9);
}

TEST(FailurePool, SpreadsAsItsClustersDoWithTheUncertaintyOfTheMean) {
  const double a = std::log(0.0065);
  const double b = std::log(0.00234);
  const double c = std::log(40 / 9000.0);
  const double mean = (a + b + c) / 3;
  const double variance =
      (std::pow(a - mean, 2) + std::pow(b - mean, 2) + std::pow(c - mean, 2)) / 2;
  EXPECT_NEAR(pool_failures(records(), {"llama3-405b"}).spread, std::sqrt(variance * 4 / 3), 1e-12);
}

TEST(FailurePool, TakesPlannedStopsFromWhoeverCountsThem) {
  double planned = 0;
  for (const StopRecord& stop : pool_failures(records(), {}).stops) {
    if (stop.planned) planned += stop.rate.value().si() * per_day;
  }
  EXPECT_NEAR(planned, 47 / 54.0, 1e-12);
}

TEST(FailurePool, NeedsTwoObservations) {
  EXPECT_THROW(
      static_cast<void>(pool_failures(records(), {"llama3-405b", "meta-rsc-1", "meta-rsc-2"})),
      Error);
}

}  // namespace
}  // namespace fleetwright
