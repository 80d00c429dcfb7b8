#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/cross_entropy.cu"
//
#include "profiles/gpu/benchmarks/cross_entropy.hpp"
#include "profiles/gpu/checks/cross_entropy_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedCrossEntropy, EqualsTheReference) { expect_passes(check_cross_entropy, {1, 20264}); }

TEST(EmulatedCrossEntropy, BenchmarksWriteTheirOutputs) {
  const std::vector<Benchmark> benchmarks = cross_entropy_benchmarks();
  expect_writes_outputs(benchmarks, Loss{3, 3000, false}, 2);
  expect_writes_outputs(benchmarks, Loss{3, 3000, true}, 1);
  EXPECT_TRUE(benchmarks[0].accepts(Loss{4096, 129280, false}));
  EXPECT_FALSE(benchmarks[0].accepts(Loss{4096, 129281, false}));
}

TEST(EmulatedCrossEntropy, RefusesRowsThatAreNotWholePacks) {
  EXPECT_THROW(cross_entropy_forward(nullptr, nullptr, {1, 12}, nullptr, nullptr, nullptr), Error);
  EXPECT_THROW(
      cross_entropy_backward(nullptr, nullptr, nullptr, nullptr, {0, 16}, nullptr, nullptr), Error);
}

}  // namespace
}  // namespace fleetwright::gpu
