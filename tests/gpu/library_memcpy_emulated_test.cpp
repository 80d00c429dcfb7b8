#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <cstring>

#include "profiles/gpu/benchmarks/memcpy.hpp"

// The CUDA runtime's, where the device's memory is the host's.
extern "C" cudaError_t cudaMemcpyAsync(void* dst, const void* src, std::size_t count,
                                       cudaMemcpyKind kind, cudaStream_t) {
  if (kind != cudaMemcpyDeviceToDevice) return cudaErrorInvalidValue;
  std::memcpy(dst, src, count);
  return cudaSuccess;
}
extern "C" const char* cudaGetErrorString(cudaError_t) { return "wrong"; }

namespace fleetwright::gpu {
namespace {

TEST(MemcpyBenchmark, CopiesEveryElement) {
  Elementwise op;
  op.kind = ElementwiseKind::copy;
  op.rows = 7;
  op.columns = 33;
  const Benchmark memcpy = memcpy_benchmarks()[0];
  ASSERT_TRUE(memcpy.accepts(op));
  const std::unique_ptr<Workload> workload = memcpy.prepare(op, 0, 11);
  const Output to = workload->outputs().at(0);
  ASSERT_EQ(to.elements, 7U * 33U);
  device_fill(to.data, 0xff, 2 * to.elements);
  workload->launch(nullptr);
  std::vector<std::uint16_t> copied(to.elements);
  download(copied.data(), to.data, 2 * to.elements);
  for (const std::uint16_t bits : copied) EXPECT_NE(bits, 0xffff);
  // The same seed gives the same numbers again.
  const std::unique_ptr<Workload> again = memcpy.prepare(op, 0, 11);
  again->launch(nullptr);
  EXPECT_EQ(std::memcmp(again->outputs()[0].data, to.data, 2 * to.elements), 0);
}

TEST(MemcpyBenchmark, AcceptsCopiesAlone) {
  const Benchmark memcpy = memcpy_benchmarks()[0];
  Elementwise op;
  op.kind = ElementwiseKind::rope;
  op.rows = op.columns = 64;
  EXPECT_FALSE(memcpy.accepts(op));
  EXPECT_FALSE(memcpy.accepts(Norm{64, 64}));
}

}  // namespace
}  // namespace fleetwright::gpu
