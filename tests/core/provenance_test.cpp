#include "models/core/provenance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace fleetwright {
namespace {

TEST(Provenance, KindsAreReadBack) {
  for (const auto kind : {ProvenanceKind::measured, ProvenanceKind::published,
                          ProvenanceKind::datasheet, ProvenanceKind::assumed}) {
    EXPECT_EQ(parse_provenance_kind(to_string(kind)), kind);
  }
}

TEST(Provenance, TheWorstOfSeveralIsTheGreatest) {
  EXPECT_EQ(std::max(ProvenanceKind::measured, ProvenanceKind::assumed), ProvenanceKind::assumed);
  EXPECT_LT(ProvenanceKind::published, ProvenanceKind::datasheet);
}

TEST(Provenance, RefusesOtherWords) {
  try {
    static_cast<void>(parse_provenance_kind("guessed"));
    FAIL() << "guessed was taken";
  } catch (const std::invalid_argument& e) {
    EXPECT_STREQ(e.what(), "'guessed' is not one of measured, published, datasheet, assumed");
  }
}

}  // namespace
}  // namespace fleetwright
