#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/rope.cu"
//
#include "profiles/gpu/benchmarks/rope.hpp"
#include "profiles/gpu/checks/rope_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedRope, EqualsTheReference) { expect_passes(check_rope, {1, 2, 20261, 20262}); }

TEST(EmulatedRope, BenchmarkWritesItsOutput) {
  Elementwise op;
  op.kind = ElementwiseKind::rope;
  op.rows = 5;
  op.columns = 1152;  // Llama 3.1 70B, split in eight
  expect_writes_outputs(rope_benchmarks(), op, 1);
  op.backward = true;
  op.columns = 8192;  // DeepSeek-V3
  expect_writes_outputs(rope_benchmarks(), op, 1);
}

TEST(EmulatedRope, RefusesOtherWidths) {
  Rope call;
  call.tokens = 1;
  call.heads = 1;
  call.head_width = 96;
  EXPECT_THROW(rope(call, nullptr), Error);
}

}  // namespace
}  // namespace fleetwright::gpu
