#include "tests/gpu/hopper_emulator.hpp"
//
#include "profiles/gpu/kernels/hopper/decode.cu"
#include "profiles/gpu/kernels/hopper/decode_combine.cu"
//
#include "profiles/gpu/benchmarks/hopper_decode.hpp"
#include "profiles/gpu/checks/hopper_decode_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedHopperDecode, EqualsTheReference) { expect_passes(check_hopper_decode, {1, 2, 3}); }

Attention decoding(double keys) {
  Attention a;
  a.batch = 2;
  a.queries = 1;
  a.keys = keys;
  a.heads = 16;
  a.kv_heads = 1;
  a.d_qk = 576;
  a.d_v = 512;
  return a;
}

TEST(EmulatedHopperDecode, BenchmarkWritesItsOutputs) {
  expect_writes_outputs(hopper_decode_benchmarks(), decoding(100), 2,
                        "fleetwright.attention_decode");
}

TEST(EmulatedHopperDecode, BenchmarkRefusesWhatIsNotIts) {
  const auto refuses = [](auto change) {
    Attention a = decoding(128);
    change(a);
    for (const Benchmark& b : hopper_decode_benchmarks()) EXPECT_FALSE(b.accepts(a));
  };
  refuses([](Attention& a) { a.backward = true; });
  refuses([](Attention& a) { a.d_qk = 192; });
  refuses([](Attention& a) { a.d_v = 576; });
  refuses([](Attention& a) { a.queries = a.keys; });
  refuses([](Attention& a) { a.queries = 0; });
  refuses([](Attention& a) { a.keys = 127.5; });
  refuses([](Attention& a) { a.window = 64; });
  refuses([](Attention& a) { a.kv_heads = 2; });
  refuses([](Attention& a) { a.precision = Precision::fp16; });
}

TEST(EmulatedHopperDecode, RefusesWhatItCannotDo) {
  const hopper::DecodeProblem good{1, 1, 16, 1, 1, 1, 1};
  const auto refuses = [&](auto change) {
    hopper::DecodeProblem p = good;
    change(p);
    EXPECT_THROW(hopper::AttentionDecode(p, {}), Error);
  };
  EXPECT_NO_THROW(hopper::AttentionDecode(good, {}));
  refuses([](hopper::DecodeProblem& p) { p.batch = 65536; });
  refuses([](hopper::DecodeProblem& p) { p.tokens = 0; });
  refuses([](hopper::DecodeProblem& p) { p.pages = 0; });
  refuses([](hopper::DecodeProblem& p) { p.scale = -1; });
  refuses([](hopper::DecodeProblem& p) { p.sms = 0; });
}

}  // namespace
}  // namespace fleetwright::gpu
