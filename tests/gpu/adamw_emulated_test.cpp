#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/adamw.cu"
//
#include "profiles/gpu/benchmarks/adamw.hpp"
#include "profiles/gpu/checks/adamw_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedAdamW, EqualsTheReference) { expect_passes(check_adamw, {1, 20265}); }

TEST(EmulatedAdamW, BenchmarksWriteTheirOutputs) {
  const std::vector<Benchmark> benchmarks = adamw_benchmarks();
  expect_writes_outputs(benchmarks, OptimizerUpdate{5001, 22}, 1);
  expect_writes_outputs(benchmarks, OptimizerUpdate{4096, 30}, 1);
  EXPECT_FALSE(benchmarks[0].accepts(OptimizerUpdate{4096, 32}));
}

TEST(EmulatedAdamW, StepsCountFromOne) {
  AdamW settings;
  settings.step = 0;
  float* const none = nullptr;
  EXPECT_THROW(adamw(settings, none, none, none, none, nullptr, 0, nullptr), Error);
}

}  // namespace
}  // namespace fleetwright::gpu
