#include <gtest/gtest.h>

#include "profiles/gpu/timing/gpu_problem.hpp"

namespace fleetwright::gpu {
namespace {

GpuFacts usable() {
  return {.driver_version = 13'000,
          .runtime_version = 13'000,
          .devices = 1,
          .device_error = {},
          .name = "NVIDIA H100 80GB HBM3",
          .compute_major = 9};
}

TEST(GpuProblem, IsNoneOnAUsableGpu) {
  EXPECT_EQ(problem_of(usable()), "");
  GpuFacts newer = usable(), older = usable();
  newer.driver_version = 14'010;
  older.runtime_version = 13'020;  // runs on the driver of 13.0
  EXPECT_EQ(problem_of(newer), "");
  EXPECT_EQ(problem_of(older), "");
}

TEST(GpuProblem, IsTheDriverBeforeAnythingElse) {
  GpuFacts facts = usable();
  facts.devices = 0;
  facts.driver_version = 0;
  EXPECT_EQ(problem_of(facts), "no NVIDIA driver");
  facts.driver_version = 12'020;
  EXPECT_EQ(problem_of(facts), "NVIDIA driver too old (CUDA 12.2 < 13.0)");
}

TEST(GpuProblem, IsThatNoGpuIsVisible) {
  GpuFacts facts = usable();
  facts.devices = 0;
  EXPECT_EQ(problem_of(facts), "no GPU visible");
  facts.device_error = "no CUDA-capable device is detected";
  EXPECT_EQ(problem_of(facts), "no GPU visible: no CUDA-capable device is detected");
}

TEST(GpuProblem, IsAnUnfitGpu) {
  GpuFacts facts = usable();
  facts.name = "NVIDIA A100-SXM4-80GB MIG 1g.10gb";
  EXPECT_EQ(problem_of(facts),
            "NVIDIA A100-SXM4-80GB MIG 1g.10gb is a slice of a GPU: its times are not the GPU's");
  facts.name = "Tesla T4";
  facts.compute_major = 7;
  EXPECT_EQ(problem_of(facts), "Tesla T4 has compute capability 7, 8 or newer is needed");
  facts.name = "";
  EXPECT_EQ(problem_of(facts), "the GPU does not answer");
}

}  // namespace
}  // namespace fleetwright::gpu
