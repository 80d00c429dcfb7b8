#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/activation.cu"
//
#include "profiles/gpu/benchmarks/activation.hpp"
#include "profiles/gpu/checks/activation_check.hpp"
#include "profiles/gpu/reference/activation.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedActivation, EqualsTheReference) { expect_passes(check_activation, {1, 20261}); }

TEST(EmulatedActivation, BenchmarksWriteTheirOutputs) {
  for (const bool gated : {true, false}) {
    for (const bool quantized : {true, false}) {
      Elementwise e;
      e.kind = ElementwiseKind::activation;
      e.rows = 5;
      e.columns = 576;
      e.gated = gated;
      e.quantized = quantized;
      expect_writes_outputs(activation_benchmarks(), e, quantized ? 2 : 1);
      e.backward = true;
      expect_writes_outputs(activation_benchmarks(), e, quantized ? 2 : 1);
    }
  }
}

TEST(EmulatedActivation, BenchmarksRefuseWhatIsNotTheirs) {
  for (const Benchmark& b : activation_benchmarks()) {
    EXPECT_FALSE(b.accepts(Elementwise{ElementwiseKind::residual_add, 4, 1024})) << b.name;
    EXPECT_FALSE(b.accepts(Elementwise{ElementwiseKind::activation, 4, 1000})) << b.name;
    EXPECT_FALSE(b.accepts(Norm{4, 1024})) << b.name;
  }
}

TEST(EmulatedActivation, RefusesWhatItCannotDo) {
  EXPECT_THROW(activation_forward(Activation::swiglu, nullptr, nullptr, 1, 24, nullptr), Error);
  EXPECT_THROW(
      activation_forward_quantize(Activation::gelu, nullptr, nullptr, nullptr, 0, 16, nullptr),
      Error);
  EXPECT_THROW(
      activation_backward(Activation::swiglu, nullptr, nullptr, nullptr, nullptr, 1, 8, nullptr),
      Error);
}

// Before the rounding to BF16, which hides a small term.
TEST(EmulatedActivation, EqualsTheReferenceInFp32) {
  for (float x = -12.0F; x <= 12.0F; x += 0.0625F) {
    const double at = static_cast<double>(x);
    const Value swiglu = differentiate<Activation::swiglu>(x, 0.5F);
    const Value gelu = differentiate<Activation::gelu>(x, 0.0F);
    EXPECT_NEAR(swiglu.y, reference::silu(at) / 2, 2e-6);
    EXPECT_NEAR(swiglu.by_gate, reference::silu_derivative(at) / 2, 2e-6);
    EXPECT_NEAR(swiglu.by_up, reference::silu(at), 2e-6);
    EXPECT_NEAR(gelu.y, reference::gelu(at), 2e-6);
    EXPECT_NEAR(gelu.by_gate, reference::gelu_derivative(at), 2e-6);
    EXPECT_EQ(swiglu.y, value_at<Activation::swiglu>(x, 0.5F));
    EXPECT_NEAR(gelu.y, value_at<Activation::gelu>(x, 0.0F), 2e-6);
  }
}

TEST(EmulatedActivation, StaysFiniteFarFromZero) {
  for (const float x : {-3e38F, -1000.0F, -90.0F, 90.0F, 1000.0F}) {
    const float y = value_at<Activation::swiglu>(x, 1.0F);
    EXPECT_FLOAT_EQ(y, x > 0 ? x : 0.0F);
    EXPECT_FLOAT_EQ(value_at<Activation::gelu>(x, 0.0F), x > 0 ? x : 0.0F);
    const Value swiglu = differentiate<Activation::swiglu>(x, 2.0F);
    EXPECT_FLOAT_EQ(swiglu.by_gate, x > 0 ? 2.0F : 0.0F);
    EXPECT_FLOAT_EQ(swiglu.by_up, x > 0 ? x : 0.0F);
    if (std::abs(x) <= 1000) {
      EXPECT_FLOAT_EQ(differentiate<Activation::gelu>(x, 0.0F).by_gate, x > 0 ? 1.0F : 0.0F);
    }
  }
}

}  // namespace
}  // namespace fleetwright::gpu
