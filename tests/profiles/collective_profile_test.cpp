#include "profiles/collective_profile.hpp"

#include <gtest/gtest.h>

#include "models/core/data_files.hpp"
#include "profiles/expert_parallel_profile.hpp"
#include "profiles/hardware_data.hpp"

namespace fleetwright {
namespace {

CollectiveProfile profile_of(const std::string& accelerator) {
  const HardwareData& hw = hardware_data();
  return {hw.accelerators.at(accelerator), hw.accelerators, hw.links, hw.profiles};
}

double bus_bandwidth(const CollectiveProfile& p, CollectiveKind kind, int ranks, Bytes bytes) {
  return (bytes * traffic_factor(kind, ranks) / p.time(kind, ranks, bytes).time).si() / 1e9;
}

TEST(CollectiveProfile, HitsThePublishedBusBandwidths) {
  // 8 GPUs, 512 MiB: A100 205/213, H100 335/336 GB/s (aiconfigurator, NCCL).
  const auto a100 = profile_of("A100-SXM-80");
  EXPECT_NEAR(bus_bandwidth(a100, CollectiveKind::all_gather, 8, 512_MiB), 205, 5);
  EXPECT_NEAR(bus_bandwidth(a100, CollectiveKind::reduce_scatter, 8, 512_MiB), 213, 5);
  const auto h100 = profile_of("H100-SXM");
  EXPECT_NEAR(bus_bandwidth(h100, CollectiveKind::all_gather, 8, 512_MiB), 335, 5);
}

TEST(CollectiveProfile, AnotherLinkScalesBandwidthAndKeepsLatency) {
  const auto h800 = profile_of("H800-SXM");
  const auto large = h800.time(CollectiveKind::all_gather, 8, 4_GB);
  const auto reference = profile_of("H100-SXM").time(CollectiveKind::all_gather, 8, 4_GB);
  // 160 against 396 GB/s achievable.
  EXPECT_NEAR(large.time / reference.time, 396.0 / 160.0, 0.05);
  EXPECT_EQ(large.provenance.kind, ProvenanceKind::assumed);
  EXPECT_NEAR(h800.time(CollectiveKind::all_gather, 8, 256_B).time /
                  profile_of("H100-SXM").time(CollectiveKind::all_gather, 8, 256_B).time,
              1.0, 1e-3);
}

TEST(CollectiveProfile, TimeNeverFallsWithSize) {
  for (const char* id : {"A100-SXM-80", "H100-SXM", "H800-SXM", "B200-SXM"}) {
    const auto profile = profile_of(id);
    Seconds before;
    for (double bytes = 1e5; bytes < 1e11; bytes *= 3) {
      const Seconds now = profile.time(CollectiveKind::reduce_scatter, 8, Bytes{bytes}).time;
      EXPECT_GE(now.si(), before.si() * 0.98) << id << " " << bytes;
      before = now;
    }
  }
}

TEST(ExpertTraffic, CountsNodesOnceAndForwardsInside) {
  MixtureOfExperts moe;
  moe.experts = 256;
  moe.active = 8;
  moe.groups = 8;
  moe.groups_active = 4;
  // 4 of 8 nodes eligible, each missed with probability C(96,8)/C(128,8).
  const ExpertTraffic t = expert_traffic(moe, 64, 8);
  EXPECT_NEAR(t.scale_out, 3.63 * 7 / 8, 0.01);
  EXPECT_GT(t.scale_up, t.scale_out);
  EXPECT_LT(t.scale_up, 8);
}

TEST(ExpertParallelProfile, ReproducesDeepEpOnEightNodes) {
  const HardwareData& hw = hardware_data();
  const auto stack = read_software_stacks(data_file("profiles/data/software.toml")).at("deepseek");
  const ExpertParallelProfile profile(hw.accelerators.at("H800-SXM"), stack, hw.accelerators,
                                      hw.links, hw.profiles);
  // 50.58 GB/s counting the own node's share is 44.3 GB/s of the 47 that the NIC achieves.
  EXPECT_NEAR(profile.efficiency(CollectiveKind::dispatch, 8).value, 44.3 / 47, 0.01);
}

}  // namespace
}  // namespace fleetwright
