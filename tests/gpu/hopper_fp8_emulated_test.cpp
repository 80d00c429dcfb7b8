#include "tests/gpu/hopper_emulator.hpp"
//
#include "profiles/gpu/kernels/hopper/fp8_forward.cu"
#include "profiles/gpu/kernels/hopper/fp8_weight_gradient.cu"
//
#include "profiles/gpu/benchmarks/hopper_fp8.hpp"
#include "profiles/gpu/checks/hopper_fp8_check.hpp"
#include "profiles/gpu/kernels/hopper/fp8_gemm.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedHopperFp8, EqualsTheReference) { expect_passes(check_hopper_fp8, {1, 2, 3}); }

TEST(EmulatedHopperFp8, BenchmarksWriteTheirOutputs) {
  std::vector<Benchmark> benchmarks;
  for (const Benchmark& b : hopper_fp8_benchmarks()) {
    if (b.library == "fleetwright") benchmarks.push_back(b);
  }
  expect_writes_outputs(benchmarks, Gemm{70, 136, 144, Precision::fp8_block}, 1);
  expect_writes_outputs(benchmarks, GroupedGemm{3, 100, 136, 144, Precision::fp8_block}, 1);
  const GemmPass gradient = GemmPass::weight_gradient;
  expect_writes_outputs(benchmarks, Gemm{72, 136, 144, Precision::fp8_block, gradient}, 0);
  expect_writes_outputs(benchmarks, GroupedGemm{3, 72, 136, 512, Precision::fp8_block, gradient},
                        0);
}

TEST(EmulatedHopperFp8, VariantsOfGroupsRun) {
  const Operator op = GroupedGemm{5, 100, 72, 144, Precision::fp8_block};
  for (const Benchmark& b : hopper_fp8_benchmarks()) {
    if (b.library == "fleetwright" || b.library == "fleetwright-best") continue;
    ASSERT_TRUE(b.accepts(op)) << b.name;
    const auto workload = b.prepare(op, multiprocessors(), 3);
    workload->launch(nullptr);
    for (const Output& o : workload->outputs()) EXPECT_EQ(poisoned_elements(o), 0U) << b.name;
  }
}

TEST(EmulatedHopperFp8, BenchmarksRefuseWhatIsNotTheirs) {
  for (const Benchmark& b : hopper_fp8_benchmarks()) {
    EXPECT_FALSE(b.accepts(Gemm{64, 128, 128, Precision::bf16})) << b.name;
    EXPECT_FALSE(b.accepts(Gemm{64, 128, 128, Precision::fp8})) << b.name;
    EXPECT_FALSE(b.accepts(Gemm{64, 132, 128, Precision::fp8_block})) << b.name;
    EXPECT_FALSE(b.accepts(Gemm{64, 128, 120, Precision::fp8_block})) << b.name;
    EXPECT_FALSE(b.accepts(Gemm{0, 128, 128, Precision::fp8_block})) << b.name;
    EXPECT_FALSE(b.accepts(Norm{4, 1024})) << b.name;
  }
}

TEST(EmulatedHopperFp8, RefusesWhatItCannotDo) {
  using hopper::Fp8Gemm;
  using hopper::Grouping;
  const hopper::Fp8Problem good{GemmPass::forward, Grouping::whole, 1, 64, 128, 128};
  const hopper::Fp8Plan plan{64, 128, 1, 4, 1, 2};
  EXPECT_NO_THROW(Fp8Gemm(good, plan, {}));
  const auto refuses = [&](auto change) {
    auto p = good;
    auto q = plan;
    change(p, q);
    EXPECT_THROW(Fp8Gemm(p, q, {}), Error);
  };
  refuses([](auto& p, auto&) { p.k = 120; });
  refuses([](auto& p, auto&) { p.n = 132; });
  refuses([](auto& p, auto&) { p.grouping = Grouping::contiguous; });  // no sizes
  refuses([](auto& p, auto&) { p.grouping = Grouping::along_k; });
  refuses([](auto&, auto& q) { q.tile_n = 120; });
  refuses([](auto&, auto& q) { q.cluster = 4; });
  refuses([](auto&, auto& q) { q.stages = 20; });
  refuses([](auto&, auto& q) { q = {64, 128, 2, 4, 1, 3}; });
}

}  // namespace
}  // namespace fleetwright::gpu
