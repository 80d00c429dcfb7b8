#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/permute.cu"
//
#include "profiles/gpu/benchmarks/permute.hpp"
#include "profiles/gpu/checks/permute_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedPermute, EqualsTheReference) { expect_passes(check_permute, {1, 20263}); }

TEST(EmulatedPermute, BenchmarksWriteTheirOutputs) {
  const std::vector<Benchmark> benchmarks = permute_benchmarks();
  expect_writes_outputs(benchmarks, ExpertMapping{300, 8}, 1);
  expect_writes_outputs(benchmarks, Permute{13, 8.4, 512, 2, false}, 1);
  expect_writes_outputs(benchmarks, Permute{40, 5, 576, 1, false}, 1);
  expect_writes_outputs(benchmarks, Permute{13, 9, 2048, 1.03125, false}, 2);
  expect_writes_outputs(benchmarks, Permute{13, 8.4, 1536, 2, true}, 1);
  EXPECT_TRUE(benchmarks[1].accepts(Permute{32768, 20480.7, 7168, 1, false}));
  EXPECT_FALSE(benchmarks[1].accepts(Permute{32768, 20480.7, 7168, 1.5, false}));
  EXPECT_FALSE(benchmarks[1].accepts(Permute{32768, 1000, 7168, 2, false}));
  EXPECT_FALSE(benchmarks[2].accepts(Permute{32768, 20480.7, 7168, 1, true}));
  EXPECT_FALSE(benchmarks[2].accepts(Permute{100, 200, 7168, 2, true}));
}

TEST(EmulatedPermute, RefusesWhatItCannotDo) {
  bf16* const none = nullptr;
  EXPECT_THROW(permute(none, nullptr, {1, 33, 16, 1}, none, nullptr), Error);
  EXPECT_THROW(permute(none, nullptr, {1, 1, 12, 1}, none, nullptr), Error);
  EXPECT_THROW(unpermute_reduce(none, nullptr, nullptr, {0, 1, 16, 1}, none, nullptr), Error);
  EXPECT_THROW(unpermute_reduce(none, nullptr, nullptr, {1 << 30, 2, 16, 1}, none, nullptr), Error);
}

}  // namespace
}  // namespace fleetwright::gpu
