#include <gtest/gtest.h>

#include "models/core/data_files.hpp"
#include "profiles/accelerator.hpp"
#include "profiles/gpu/timing/gpu_names.hpp"

namespace fleetwright::gpu {
namespace {

constexpr double gib = 1024.0 * 1024.0 * 1024.0;

TEST(GpuNames, AreThoseOfKnownAcceleratorsWithTheirMemory) {
  const auto accelerators = read_accelerators(data_file("profiles/data/accelerators.toml"));
  for (const GpuName& name : gpu_names()) {
    const auto known = accelerators.find(std::string(name.id));
    ASSERT_NE(known, accelerators.end()) << name.id;
    const double memory = known->second.memory_capacity.value.si();
    EXPECT_NEAR(name.memory_gib, memory / gib, 0.01 * name.memory_gib) << name.id;
    EXPECT_EQ(accelerator_id(name.cuda, memory), name.id);
  }
}

TEST(GpuNames, CoverEveryNvidiaAcceleratorThatThisBuildRunsOn) {
  const auto accelerators = read_accelerators(data_file("profiles/data/accelerators.toml"));
  for (const auto& [id, accelerator] : accelerators) {
    // CUDA 13 left Volta behind.
    if (accelerator.vendor != "NVIDIA" || accelerator.architecture == "volta") continue;
    bool named = false;
    for (const GpuName& name : gpu_names()) named = named || name.id == id;
    EXPECT_TRUE(named) << id;
  }
}

TEST(GpuNames, AllowForTheMemoryThatTheDriverKeeps) {
  EXPECT_EQ(accelerator_id("NVIDIA H100 80GB HBM3", 85'045'870'592.0), "H100-SXM");  // 79.2 GiB
  EXPECT_EQ(accelerator_id("NVIDIA H200", 139.8 * gib), "H200-SXM");
  EXPECT_EQ(accelerator_id("NVIDIA A100-SXM4-40GB", 39.4 * gib), "A100-SXM-40");
}

TEST(GpuNames, TellPartsOfOneNameApartByMemory) {
  EXPECT_EQ(accelerator_id("NVIDIA H20", 95.1 * gib), "H20-96");
  EXPECT_EQ(accelerator_id("NVIDIA H20", 139.8 * gib), "H20-141");
  EXPECT_EQ(accelerator_id("NVIDIA H100", 40 * gib), "NVIDIA-H100");
}

TEST(GpuNames, OfUnknownGpusBecomeFolders) {
  EXPECT_EQ(accelerator_id("NVIDIA RTX 6000 Ada Generation", 48 * gib),
            "NVIDIA-RTX-6000-Ada-Generation");
  EXPECT_EQ(accelerator_id("../x / (y)", 0), "..-x-y");
  EXPECT_EQ(accelerator_id("", 0), "unknown-GPU");
  EXPECT_EQ(profile_folder("H100-96GB-HBM2e-500W"), "h100-96gb-hbm2e-500w");
}

}  // namespace
}  // namespace fleetwright::gpu
