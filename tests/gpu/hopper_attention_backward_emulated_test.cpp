#include "tests/gpu/hopper_emulator.hpp"
//
#include "profiles/gpu/kernels/hopper/attention_backward.cu"
#include "profiles/gpu/kernels/hopper/attention_rows.cu"
//
#include "profiles/gpu/benchmarks/hopper_attention.hpp"
#include "profiles/gpu/checks/hopper_attention_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedHopperAttentionBackward, EqualsTheReference) {
  expect_passes(check_hopper_attention_backward, {1, 2, 3});
}

TEST(EmulatedHopperAttentionBackward, BenchmarkWritesItsOutputs) {
  Attention a;
  a.queries = a.keys = 140;
  a.heads = a.kv_heads = 2;
  a.d_qk = 192;
  a.d_v = 128;
  a.backward = true;
  expect_writes_outputs(hopper_attention_benchmarks(), a, 3);
}

TEST(EmulatedHopperAttentionBackward, RefusesWhatItCannotDo) {
  using hopper::AttentionBackward;
  EXPECT_THROW(AttentionBackward({0, 64, 1, 1, 1}, {}), Error);
  EXPECT_THROW(AttentionBackward({1, 64, 3, 2, 1}, {}), Error);
}

}  // namespace
}  // namespace fleetwright::gpu
