#include "profiles/coverage.hpp"

#include <gtest/gtest.h>

#include "profiles/hardware_data.hpp"
#include "profiles/measured_ceilings.hpp"

namespace fleetwright {
namespace {

KernelSample sample(const Operator& op, ProvenanceKind kind, double microseconds,
                    const std::string& date) {
  return {op, "cublas", 132, Seconds{microseconds * 1e-6}, kind, "S", date};
}

AcceleratorProfile measured_profile() {
  const Gemm small{1024, 1024, 1024, Precision::bf16, GemmPass::forward};
  const Gemm large{8192, 8192, 8192, Precision::bf16, GemmPass::forward};
  Elementwise copy;
  copy.kind = ElementwiseKind::copy;
  copy.rows = 65536;
  copy.columns = 8192;
  AcceleratorProfile profile;
  profile.kernels = {sample(small, ProvenanceKind::measured, 5, "2026-12-02"),
                     sample(large, ProvenanceKind::measured, 1374, "2026-12-01"),
                     sample(large, ProvenanceKind::measured, 1400, "2026-12-03"),
                     sample(large, ProvenanceKind::published, 1000, ""),
                     sample(copy, ProvenanceKind::measured, 700, "2026-12-01")};
  return profile;
}

TEST(Coverage, CountsShapesByKernelAndProvenance) {
  const auto rows = coverage_of(measured_profile());
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].kernel, "copy");
  EXPECT_EQ(rows[1].kernel, "gemm bf16");
  EXPECT_EQ(rows[1].kind, ProvenanceKind::measured);
  EXPECT_EQ(rows[1].shapes, 2);  // one of them twice
  EXPECT_EQ(rows[1].oldest, "2026-12-01");
  EXPECT_EQ(rows[1].newest, "2026-12-03");
  EXPECT_EQ(rows[2].kind, ProvenanceKind::published);
  EXPECT_EQ(rows[2].shapes, 1);
  EXPECT_EQ(rows[2].sources, std::set<std::string>{"S"});
}

TEST(MeasuredCeilings, StandBeforePublishedOnes) {
  Accelerator a = hardware_data().accelerators.at("H100-SXM");
  prefer_measured_ceilings(a, measured_profile());
  EXPECT_NEAR(a.matmul.at(Precision::bf16).value.si(), 2.0 * 8192 * 8192 * 8192 / 1374e-6, 1e6);
  EXPECT_EQ(a.matmul.at(Precision::bf16).provenance.kind, ProvenanceKind::measured);
  EXPECT_NEAR(a.copy_bandwidth->value.si(), 65536.0 * 8192 * 4 / 700e-6, 1e6);
}

TEST(MeasuredCeilings, ChangeNothingWhereNothingWasMeasured) {
  const Accelerator& before = hardware_data().accelerators.at("H100-SXM");
  Accelerator a = before;
  AcceleratorProfile published = measured_profile();
  for (KernelSample& s : published.kernels) s.kind = ProvenanceKind::published;
  prefer_measured_ceilings(a, published);
  EXPECT_EQ(a.matmul.at(Precision::bf16).value, before.matmul.at(Precision::bf16).value);
  EXPECT_EQ(a.copy_bandwidth->value, before.copy_bandwidth->value);
}

TEST(SameChip, PartsAreKnown) {
  for (const auto& [id, a] : hardware_data().accelerators) {
    if (a.same_chip_as.empty()) continue;
    ASSERT_TRUE(hardware_data().accelerators.contains(a.same_chip_as)) << id;
    const Accelerator& of = hardware_data().accelerators.at(a.same_chip_as);
    EXPECT_TRUE(of.same_chip_as.empty()) << id << ": names must lead to one part, not a chain";
    EXPECT_EQ(a.sm_count.value, of.sm_count.value) << id;
    EXPECT_EQ(a.memory_bandwidth.value, of.memory_bandwidth.value) << id;
    EXPECT_EQ(a.peak_of(Precision::bf16)->value, of.peak_of(Precision::bf16)->value) << id;
  }
}

}  // namespace
}  // namespace fleetwright
