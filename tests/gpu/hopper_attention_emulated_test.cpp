#include "tests/gpu/hopper_emulator.hpp"
//
#include "profiles/gpu/kernels/hopper/attention_forward.cu"
//
#include "profiles/gpu/benchmarks/hopper_attention.hpp"
#include "profiles/gpu/checks/hopper_attention_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedHopperAttention, EqualsTheReference) {
  expect_passes(check_hopper_attention, {1, 2, 3});
}

Attention attention(int tokens) {
  Attention a;
  a.queries = a.keys = tokens;
  a.heads = a.kv_heads = 2;
  a.d_qk = 192;
  a.d_v = 128;
  return a;
}

TEST(EmulatedHopperAttention, BenchmarkWritesItsOutputs) {
  expect_writes_outputs(hopper_attention_benchmarks(), attention(140), 2);
}

TEST(EmulatedHopperAttention, BenchmarkRefusesWhatIsNotIts) {
  const auto refuses = [](auto change) {
    Attention a = attention(128);
    change(a);
    for (const Benchmark& b : hopper_attention_benchmarks()) EXPECT_FALSE(b.accepts(a));
  };
  refuses([](Attention& a) { a.d_qk = 128; });
  refuses([](Attention& a) { a.keys = 256; });
  refuses([](Attention& a) { a.window = 64; });
  refuses([](Attention& a) { a.kv_heads = 3; });
  refuses([](Attention& a) { a.precision = Precision::fp16; });
}

TEST(EmulatedHopperAttention, RefusesWhatItCannotDo) {
  using hopper::AttentionForward;
  EXPECT_THROW(AttentionForward({1, 0, 1, 1, 1}, {}), Error);
  EXPECT_THROW(AttentionForward({1, 64, 3, 2, 1}, {}), Error);
}

}  // namespace
}  // namespace fleetwright::gpu
