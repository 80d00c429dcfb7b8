#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/router.cu"
//
#include "profiles/gpu/benchmarks/router.hpp"
#include "profiles/gpu/checks/router_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedRouter, EqualsTheReference) { expect_passes(check_router, {1, 20262}); }

TEST(EmulatedRouter, BenchmarksWriteTheirOutputs) {
  const std::vector<Benchmark> benchmarks = router_benchmarks();
  expect_writes_outputs(benchmarks, Router{9, 256, 8, false}, 4);
  expect_writes_outputs(benchmarks, Router{9, 256, 8, true}, 1);
  expect_writes_outputs(benchmarks, Router{3, 8, 2, false}, 4);
  EXPECT_TRUE(benchmarks[0].accepts(Router{4096, 256, 8, false}));
  EXPECT_FALSE(benchmarks[0].accepts(Router{4096, 1024, 8, false}));
  EXPECT_FALSE(benchmarks[0].accepts(Router{4096, 64, 33, false}));
}

TEST(EmulatedRouter, RefusesGatesThatItCannotDo) {
  const auto refuses = [](const Gate& gate) {
    EXPECT_THROW(router_forward(nullptr, nullptr, 1, gate, {}, nullptr), Error);
  };
  refuses({516, 8, 1, 1, 1, GateScore::sigmoid});
  refuses({6, 2, 1, 1, 1, GateScore::sigmoid});
  refuses({64, 33, 1, 1, 1, GateScore::sigmoid});
  refuses({256, 8, 3, 1, 1, GateScore::sigmoid});    // groups that split a lane
  refuses({192, 8, 8, 4, 1, GateScore::softmax});    // lanes are wider than 6 experts
  refuses({256, 8, 32, 0, 1, GateScore::sigmoid});   // no group is kept
  refuses({256, 16, 32, 1, 1, GateScore::sigmoid});  // one group has 8 experts
}

}  // namespace
}  // namespace fleetwright::gpu
