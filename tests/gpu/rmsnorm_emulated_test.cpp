#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/rmsnorm.cu"
#include "profiles/gpu/kernels/rmsnorm_backward.cu"
//
#include "profiles/gpu/benchmarks/rmsnorm.hpp"
#include "profiles/gpu/checks/rmsnorm_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedRmsnorm, EqualsTheReference) { expect_passes(check_rmsnorm, {1, 20261}); }

TEST(EmulatedRmsnorm, BenchmarksWriteTheirOutputs) {
  const std::vector<Benchmark> benchmarks = rmsnorm_benchmarks();
  expect_writes_outputs(benchmarks, Norm{5, 576, false}, 2);
  expect_writes_outputs(benchmarks, Norm{3, 7168, true}, 2);
  EXPECT_FALSE(benchmarks[0].accepts(Norm{5, 20000, false}));
  EXPECT_FALSE(benchmarks[0].accepts(Norm{5, 12, false}));
}

TEST(EmulatedRmsnorm, RefusesWhatItCannotDo) {
  RmsnormForward forward;
  forward.rows = 1;
  forward.columns = 12;
  EXPECT_THROW(rmsnorm_forward(forward, nullptr), Error);
  RmsnormBackward backward;
  backward.rows = 1;
  backward.columns = 18440;
  EXPECT_THROW(rmsnorm_backward(backward, nullptr), Error);
}

// As many blocks as a large GPU has, which the check does not reach here.
TEST(EmulatedRmsnorm, ManyBlocksAddUp) {
  for (const std::size_t parts : {std::size_t{1}, std::size_t{27}, std::size_t{300}}) {
    constexpr std::size_t columns = 136;
    const std::vector<float> parts_of_sums = random_fp32(parts * columns, parts);
    DeviceArray<float> partial_sums(parts_of_sums), sums(columns);
    RmsnormBackward call;
    call.partial_sums = partial_sums.data();
    call.gain_gradient = sums.data();
    call.columns = columns;
    start_finish(call, static_cast<unsigned>(parts), nullptr);
    std::vector<double> expected(columns);
    for (std::size_t i = 0; i < parts_of_sums.size(); ++i) {
      expected[i % columns] += static_cast<double>(parts_of_sums[i]);
    }
    EXPECT_LT(relative_error(widen(sums.host()), expected), 1e-6) << parts;
  }
}

// The same input twice, the second time with the threads in another order: not a bit may differ.
TEST(EmulatedRmsnorm, TheGainGradientIsReproducible) {
  constexpr std::size_t rows = 100, columns = 512;
  const DeviceArray<bf16> dy(random_bf16(rows * columns, 1)), x(random_bf16(rows * columns, 2));
  const DeviceArray<bf16> gain(random_bf16(columns, 3));
  const DeviceArray<float> inverse_rms(random_fp32(rows, 4));
  DeviceArray<bf16> dx(rows * columns);
  DeviceArray<float> sums(rmsnorm_partial_sums(rows, columns)), first(columns), second(columns);
  RmsnormBackward call{dy.data(), x.data(),     inverse_rms.data(), gain.data(), nullptr,
                       dx.data(), first.data(), sums.data(),        rows,        columns};
  rmsnorm_backward(call, nullptr);
  call.gain_gradient = second.data();
  emulator::descending = true;
  rmsnorm_backward(call, nullptr);
  emulator::descending = false;
  EXPECT_EQ(first.host(), second.host());
}

}  // namespace
}  // namespace fleetwright::gpu
