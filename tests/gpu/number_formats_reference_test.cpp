#include <gtest/gtest.h>

#include <cmath>

#include "profiles/gpu/reference/number_formats.hpp"

namespace fleetwright::gpu::reference {
namespace {

TEST(NumberFormats, RoundTiesToEven) {
  EXPECT_EQ(round_bf16(1 + 1.0 / 256), 1);              // half a unit above 1
  EXPECT_EQ(round_bf16(1 + 3.0 / 256), 1 + 4.0 / 256);  // half a unit above the odd 1 + 2/256
  EXPECT_EQ(round_bf16(-1 - 3.0 / 256), -1 - 4.0 / 256);
  EXPECT_EQ(round_e4m3(17), 16);
  EXPECT_EQ(round_e4m3(19), 20);
  EXPECT_EQ(round_e5m6(1 + 1.0 / 128), 1);
}

TEST(NumberFormats, Saturate) {
  EXPECT_EQ(round_e4m3(449), 448);
  EXPECT_EQ(round_e4m3(-1e9), -448);
  EXPECT_EQ(round_e5m6(1e9), 1.984375 * 65536);
  EXPECT_TRUE(std::isnan(round_e4m3(std::nan(""))));
}

TEST(NumberFormats, KeepSubnormals) {
  EXPECT_EQ(round_e4m3(0x1p-9), 0x1p-9);
  EXPECT_EQ(round_e4m3(0x1.8p-9), 0x1p-8);  // a tie, to the even two units
  EXPECT_EQ(round_e4m3(0x1p-11), 0);
  EXPECT_EQ(round_e5m6(0x1p-20), 0x1p-20);
}

TEST(NumberFormats, EveryCodeOfE4m3ComesBack) {
  for (int code = 0; code < 256; ++code) {
    const double value = decode_e4m3(static_cast<std::uint8_t>(code));
    if ((code & 0x7f) == 0x7f) {
      EXPECT_TRUE(std::isnan(value)) << code;
      continue;
    }
    EXPECT_EQ(round_e4m3(value), value) << code;
    EXPECT_EQ(encode_e4m3(value), code);
  }
  EXPECT_EQ(decode_e4m3(0x7e), 448);
  EXPECT_EQ(decode_e4m3(0x38), 1);
  EXPECT_EQ(decode_e4m3(0x01), 0x1p-9);
}

}  // namespace
}  // namespace fleetwright::gpu::reference
