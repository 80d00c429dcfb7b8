#include "profiles/hardware_data.hpp"

#include <gtest/gtest.h>

#include <set>

#include "models/core/data_files.hpp"
#include "models/core/toml_document.hpp"
#include "profiles/software_stack.hpp"

namespace fleetwright {
namespace {

std::set<std::string> known_sources() {
  std::set<std::string> keys;
  for (const TomlEntry& e : parse_toml_file(data_file("profiles/data/sources.toml")).entries) {
    keys.insert(e.key);
  }
  return keys;
}

TEST(HardwareData, HoldsTheDatasheetOfTheH800) {
  const Accelerator& h800 = hardware_data().accelerators.at("H800-SXM");
  EXPECT_EQ(h800.sm_count.value, 132);
  EXPECT_DOUBLE_EQ(h800.peak_of(Precision::bf16)->value.si(), 989.4e12);
  EXPECT_DOUBLE_EQ(h800.peak_of(Precision::fp8_block)->value.si(), 1979e12);
  EXPECT_EQ(h800.memory_bandwidth.provenance.kind, ProvenanceKind::datasheet);
  EXPECT_FALSE(h800.peak_of(Precision::fp4).has_value());
}

TEST(HardwareData, NamesALinkForEveryAccelerator) {
  for (const auto& [id, a] : hardware_data().accelerators) {
    EXPECT_TRUE(hardware_data().links.contains(a.scale_up_link)) << id;
    EXPECT_TRUE(a.nic.empty() || hardware_data().links.contains(a.nic)) << id;
  }
}

TEST(HardwareData, NoLinkAchievesMoreThanItsNominalRate) {
  for (const auto& [id, link] : hardware_data().links) {
    EXPECT_LE(link.achievable_bandwidth.value, link.bandwidth.value) << id;
    EXPECT_GT(link.latency.value, Seconds{0}) << id;
  }
}

TEST(HardwareData, EveryNumberNamesAKnownSource) {
  const std::set<std::string> known = known_sources();
  for (const auto& [id, a] : hardware_data().accelerators) {
    for (const KernelSample& s : hardware_data().profiles.profile(id).kernels) {
      EXPECT_TRUE(known.contains(s.source)) << id << ": " << s.source;
    }
    EXPECT_TRUE(known.contains(a.memory_capacity.provenance.source)) << id;
    EXPECT_TRUE(known.contains(a.sm_count.provenance.source)) << id;
    for (const auto& [p, rate] : a.peak) EXPECT_TRUE(known.contains(rate.provenance.source)) << id;
  }
  for (const auto& [id, link] : hardware_data().links) {
    EXPECT_TRUE(known.contains(link.achievable_bandwidth.provenance.source)) << id;
  }
  for (const auto& [algorithm, protocols] : hardware_data().collectives) {
    for (const CollectiveProtocol& p : protocols) {
      EXPECT_TRUE(known.contains(p.scale_out_step.provenance.source)) << algorithm << p.name;
    }
  }
  for (const auto& [id, s] : read_software_stacks(data_file("profiles/data/software.toml"))) {
    for (const Provenance& p :
         {s.communication_sms.provenance, s.kernel_gap.provenance,
          s.overlap_gradient_reduction.provenance, s.pipeline_layout.provenance}) {
      EXPECT_TRUE(known.contains(p.source)) << id << ": " << p.source;
    }
  }
}

TEST(HardwareData, NoSampleIsFasterThanItsDatasheet) {
  for (const auto& [id, a] : hardware_data().accelerators) {
    for (const KernelSample& s : hardware_data().profiles.profile(id).kernels) {
      std::optional<Precision> format;
      if (const auto* g = std::get_if<Gemm>(&s.op)) format = g->precision;
      if (const auto* g = std::get_if<GroupedGemm>(&s.op)) format = g->precision;
      if (const auto* t = std::get_if<Attention>(&s.op)) format = t->precision;
      if (!format || !a.peak_of(*format)) continue;
      EXPECT_LT(flop(s.op) / s.time, a.peak_of(*format)->value)
          << id << " " << s.library << " " << describe(s.op);
    }
  }
}

}  // namespace
}  // namespace fleetwright
