#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/streaming.cu"
//
#include "profiles/gpu/benchmarks/streaming.hpp"
#include "profiles/gpu/checks/streaming_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedStreaming, EqualsTheReference) {
  expect_passes(check_streaming, {1, 2, 20261, 20262});
}

TEST(EmulatedStreaming, BenchmarksWriteTheirOutputs) {
  for (const ElementwiseKind kind :
       {ElementwiseKind::copy, ElementwiseKind::residual_add, ElementwiseKind::broadcast}) {
    Elementwise op;
    op.kind = kind;
    op.rows = 7;
    op.columns = 576;
    expect_writes_outputs(streaming_benchmarks(), op, 1);
  }
}

TEST(EmulatedStreaming, RefusesSizesThatAreNoWholePacks) {
  EXPECT_THROW(copy(nullptr, nullptr, 12, nullptr), Error);
  EXPECT_THROW(residual_add(nullptr, nullptr, nullptr, 12, nullptr), Error);
}

}  // namespace
}  // namespace fleetwright::gpu
