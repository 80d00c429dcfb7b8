#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/storage_formats.cu"
//
#include "profiles/gpu/benchmarks/storage_formats.hpp"
#include "profiles/gpu/checks/storage_formats_check.hpp"
#include "profiles/gpu/reference/number_formats.hpp"
#include "profiles/gpu/reference/storage_formats.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedStorageFormats, EqualsTheReference) {
  expect_passes(check_storage_formats, {1, 20261});
}

TEST(EmulatedStorageFormats, BenchmarksWriteTheirOutputs) {
  const std::vector<Benchmark> benchmarks = storage_formats_benchmarks();
  expect_writes_outputs(benchmarks, Quantize{5, 576, false, true}, 1);
  expect_writes_outputs(benchmarks, Quantize{3, 2048, false, false, 1.5}, 1);
  expect_writes_outputs(benchmarks, Quantize{3, 1040, false, true, 1.5}, 1);
  Elementwise transpose;
  transpose.kind = ElementwiseKind::transpose_weight;
  transpose.rows = 576;
  transpose.columns = 272;
  expect_writes_outputs(benchmarks, transpose, 1);
}

TEST(EmulatedStorageFormats, BenchmarksRefuseWhatIsNotTheirs) {
  for (const Benchmark& b : storage_formats_benchmarks()) {
    EXPECT_FALSE(b.accepts(Quantize{4, 1024})) << b.name;
    EXPECT_FALSE(b.accepts(Quantize{4, 1024, true, true})) << b.name;
    EXPECT_FALSE(b.accepts(Quantize{4, 1000, false, true})) << b.name;
    EXPECT_FALSE(b.accepts(Quantize{4, 1024, false, true, 2})) << b.name;
    EXPECT_FALSE(b.accepts(Elementwise{})) << b.name;
  }
}

TEST(EmulatedStorageFormats, RefusesWhatItCannotDo) {
  EXPECT_THROW(dequantize_1x128(nullptr, nullptr, nullptr, 1, 24, nullptr), Error);
  EXPECT_THROW(quantize_12bit(nullptr, nullptr, 1, 24, nullptr), Error);
  EXPECT_THROW(dequantize_12bit(nullptr, nullptr, 0, 16, nullptr), Error);
  EXPECT_THROW(transpose_fp8(nullptr, nullptr, 1, 0, nullptr), Error);
}

TEST(EmulatedStorageFormats, RoundsEveryBf16NumberToTwelveBits) {
  for (std::uint32_t upper = 0; upper < 0x10000; ++upper) {
    const float x = __uint_as_float(upper << 16);
    if (!std::isfinite(x)) {  // the format has neither infinities nor NaN
      ASSERT_EQ(to_12bit(x), upper >= 0x8000 ? 0xfffU : 0x7ffU);
      continue;
    }
    const double rounded = reference::round_e5m6(static_cast<double>(x));
    ASSERT_EQ(to_12bit(x), reference::encode_e5m6(rounded)) << x;
    ASSERT_EQ(static_cast<double>(from_12bit(to_12bit(x))), rounded) << x;
  }
}

}  // namespace
}  // namespace fleetwright::gpu
