#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/quantize.cu"
//
#include "profiles/gpu/benchmarks/quantize.hpp"
#include "profiles/gpu/checks/quantize_check.hpp"
#include "profiles/gpu/reference/number_formats.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedQuantize, EqualsTheReference) { expect_passes(check_quantize, {1, 20261}); }

TEST(EmulatedQuantize, BenchmarksWriteTheirOutputs) {
  const std::vector<Benchmark> benchmarks = quantize_benchmarks();
  expect_writes_outputs(benchmarks, Quantize{5, 576}, 2);
  expect_writes_outputs(benchmarks, Quantize{37, 144, true}, 2);
  Quantize square{130, 144};
  square.square = true;
  expect_writes_outputs(benchmarks, square, 2);
  square.transpose = true;
  expect_writes_outputs(benchmarks, square, 4);
}

TEST(EmulatedQuantize, BenchmarksRefuseWhatIsNotTheirs) {
  for (const Benchmark& b : quantize_benchmarks()) {
    EXPECT_FALSE(b.accepts(Quantize{4, 1024, false, true})) << b.name;        // back
    EXPECT_FALSE(b.accepts(Quantize{4, 1024, false, false, 1.5})) << b.name;  // 12 bits
    EXPECT_FALSE(b.accepts(Quantize{4, 1000})) << b.name;
    EXPECT_FALSE(b.accepts(Quantize{0, 1024})) << b.name;
    EXPECT_FALSE(b.accepts(Norm{4, 1024})) << b.name;
  }
}

TEST(EmulatedQuantize, RefusesWhatItCannotDo) {
  EXPECT_THROW(quantize_1x128(nullptr, nullptr, nullptr, 1, 24, nullptr), Error);
  EXPECT_THROW(quantize_transpose_1x128(nullptr, nullptr, nullptr, 0, 16, nullptr), Error);
  EXPECT_THROW(quantize_128x128(nullptr, nullptr, nullptr, 1, 8, nullptr), Error);
}

// Tiles of one pack waste the fewest lanes, tiles of four have the most loads in flight.
TEST(EmulatedQuantize, ChoosesTilesThatLeaveFewLanesIdle) {
  EXPECT_EQ(packs_for(16, 4), 1);
  EXPECT_EQ(packs_for(576, 4), 1);
  EXPECT_EQ(packs_for(512, 4), 2);
  EXPECT_EQ(packs_for(1536, 4), 2);
  EXPECT_EQ(packs_for(2048, 4), 4);
  EXPECT_EQ(packs_for(7168, 4), 4);
  EXPECT_EQ(packs_for(7424, 4), 4);
  EXPECT_EQ(packs_for(7168, 2), 2);
}

// Shared memory serves a warp at once if its words lie in different banks, and its packs if those
// of each eight lanes do.
template <int Columns, int ColumnsOfLane>
void expect_no_bank_conflicts() {
  using Tile = ByteTile<Columns, ColumnsOfLane>;
  const auto bank = [](int column, int quad) {
    return static_cast<unsigned>(Tile::place(column, quad / 4) * 4 + quad % 4) % 32;
  };
  for (int column = 0; column < ColumnsOfLane; ++column) {
    for (int quad = 0; quad < byte_tile_rows / 4; quad += 4) {
      std::uint32_t banks = 0;
      for (int lane = 0; lane < warp_size; ++lane) {
        banks |= 1U << bank(lane % 8 * ColumnsOfLane + column, quad + lane / 8);
      }
      EXPECT_EQ(banks, all_lanes);
    }
  }
  for (int column = 0; column < Columns; ++column) {
    std::uint32_t packs = 0;
    for (int pack = 0; pack < 8; ++pack) packs |= 1U << Tile::place(column, pack) % 8;
    EXPECT_EQ(packs, 255U);
  }
}

TEST(EmulatedQuantize, TransposesWithoutBankConflicts) {
  expect_no_bank_conflicts<columns_of_lanes, 8>();
  expect_no_bank_conflicts<scale_group, 8>();
  expect_no_bank_conflicts<scale_group, 16>();
}

TEST(EmulatedQuantize, TransposesFourByFourBytes) {
  std::uint32_t words[4] = {0x03020100, 0x13121110, 0x23222120, 0x33323130};
  transpose_4x4(words);
  EXPECT_EQ(words[0], 0x30201000U);
  EXPECT_EQ(words[1], 0x31211101U);
  EXPECT_EQ(words[2], 0x32221202U);
  EXPECT_EQ(words[3], 0x33231303U);
}

// On GPUs with the instruction this path is not taken, so that no other test sees it.
TEST(EmulatedQuantize, RoundsToFp8InSoftwareAsTheInstructionDoes) {
  // All upper halves of FP32, each exact, a bit above and a bit below: ties and their neighbours.
  for (std::uint32_t upper = 0; upper < 0x10000; ++upper) {
    for (const std::uint32_t lower : {0x0000U, 0x0001U, 0xffffU}) {
      const float x = __uint_as_float(upper << 16 | lower);
      const double value = static_cast<double>(x);
      const std::uint32_t expected =
          std::isnan(value)
              ? 0x7fU | (upper >> 8 & 0x80)
              : reference::encode_e4m3(reference::round_e4m3(std::clamp(value, -448.0, 448.0)));
      ASSERT_EQ(fp8_in_software(x), expected) << value;
      if (!std::isnan(value)) {
        ASSERT_EQ(to_fp8(x), expected) << value;
      }
    }
  }
}

}  // namespace
}  // namespace fleetwright::gpu
