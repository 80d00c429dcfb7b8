#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "models/core/data_files.hpp"
#include "profiles/hardware_data.hpp"
#include "profiles/time_models/profiled.hpp"

namespace fleetwright {
namespace {

ProfiledTimeModel model_of(const std::string& accelerator, const std::string& stack) {
  return {hardware_data().accelerators.at(accelerator),
          read_software_stacks(data_file("profiles/data/software.toml")).at(stack),
          hardware_data().accelerators, hardware_data().profiles};
}

double rate(const OperatorTimeModel& model, const Operator& op) {
  return (flop(op) / model.time(op, {}).time).si() / 1e12;
}

TEST(ProfiledTimeModel, GivesAMeasuredShapeItsMeasurement) {
  const auto model = model_of("H800-SXM", "deepseek");
  // In DeepSeek's trace, on 112 of 132 SMs (published/h800-sxm/gemm.csv): 894 us.
  const Gemm o{4096, 7168, 16384, Precision::fp8_block, GemmPass::forward};
  const OperatorTime time = model.time(o, {20});
  EXPECT_NEAR(time.time.si(), 894e-6, 1e-9);
  EXPECT_EQ(time.provenance.kind, ProvenanceKind::published);
  EXPECT_EQ(time.provenance.source, "DEEPSEEK-TRACE");
}

TEST(ProfiledTimeModel, IsFasterOnAllSmsByTheWavesThatFit) {
  const auto model = model_of("H800-SXM", "deepseek");
  const Gemm o{4096, 7168, 16384, Precision::fp8_block, GemmPass::forward};
  const double ratio = model.time(o, {20}).time / model.time(o, {0}).time;
  EXPECT_GT(ratio, 1.1);
  EXPECT_LT(ratio, 1.3);
}

TEST(ProfiledTimeModel, HitsThePublishedAnchorsOfLargeProducts) {
  const Gemm square{8192, 8192, 8192, Precision::bf16, GemmPass::forward};
  EXPECT_NEAR(rate(model_of("A100-SXM-80", "megatron-core"), square), 265, 20);
  EXPECT_NEAR(rate(model_of("H100-SXM", "megatron-core"), square), 740, 80);
}

TEST(ProfiledTimeModel, SmallProductsAreBoundByMemory) {
  const auto model = model_of("H100-SXM", "megatron-core");
  const Gemm thin{64, 8192, 8192, Precision::bf16, GemmPass::forward};
  EXPECT_LT(rate(model, thin), 214);  // 134 MB of weights at 3.35 TB/s
}

TEST(ProfiledTimeModel, TimeGrowsWithTheTokens) {
  const auto model = model_of("H100-SXM", "megatron-core");
  Seconds before;
  for (const double m : {512.0, 2048.0, 8192.0, 32768.0}) {
    const Seconds now = model.time(Gemm{m, 8192, 8192, Precision::bf16}, {}).time;
    EXPECT_GT(now, before * 2.0) << m;
    before = now;
  }
}

TEST(ProfiledTimeModel, AnotherPartsMeasurementIsMarkedAssumed) {
  const auto model = model_of("GB300", "megatron-core");
  const Gemm g{8192, 8192, 8192, Precision::bf16, GemmPass::forward};
  EXPECT_EQ(model.time(g, {}).provenance.kind, ProvenanceKind::assumed);
  EXPECT_GT(rate(model, g), 1000);
  EXPECT_LT(rate(model, g), 2500);
}

TEST(ProfiledTimeModel, CausalAttentionHitsItsAnchors) {
  Attention a;
  a.batch = 1;
  a.queries = a.keys = 4096;
  a.heads = a.kv_heads = 128;
  a.d_qk = 192;
  a.d_v = 128;
  // 1.148 ms forward with cuDNN 9.19 on H200; 4.302 ms backward in DeepSeek's trace on 112 SMs.
  EXPECT_NEAR(model_of("H200-SXM", "megatron-core").time(a, {}).time.si(), 1.148e-3, 0.02e-3);
  a.backward = true;
  EXPECT_NEAR(model_of("H800-SXM", "deepseek").time(a, {20}).time.si(), 4.302e-3, 1e-6);
}

TEST(ProfiledTimeModel, PrefersWhatWasMeasuredHere) {
  const std::filesystem::path root = ::testing::TempDir() + "/fleetwright_measured";
  for (const char* kind : {"measured", "published"}) {
    std::filesystem::create_directories(root / kind / "h100-sxm");
    std::ofstream(root / kind / "h100-sxm" / "gemm.csv")
        << "library,precision,pass,groups,m,n,k,sms,time_us,source,confidence\n"
        << "cublas,bf16,fprop,1,4096,4096,4096,132," << (kind[0] == 'm' ? 190 : 180) << "," << kind
        << ",high\n";
  }
  const ProfileStore store(root);
  const ProfiledTimeModel model(
      hardware_data().accelerators.at("H100-SXM"),
      read_software_stacks(data_file("profiles/data/software.toml")).at("megatron-core"),
      hardware_data().accelerators, store);
  const OperatorTime time = model.time(Gemm{4096, 4096, 4096, Precision::bf16}, {});
  EXPECT_NEAR(time.time.si(), 190e-6, 1e-9);
  EXPECT_EQ(time.provenance, (Provenance{ProvenanceKind::measured, "measured"}));
  std::filesystem::remove_all(root);
}

TEST(ProfiledTimeModel, CollectivesBelongToTheNetwork) {
  const CollectiveCall call{CollectiveKind::all_reduce, CommunicationGroup::tensor, 1_GB};
  EXPECT_EQ(model_of("H100-SXM", "megatron-core").time(call, {}).time, Seconds{0});
}

}  // namespace
}  // namespace fleetwright
