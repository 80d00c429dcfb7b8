#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "profiles/gpu/reference/number_formats.hpp"
#include "profiles/gpu/reference/storage_formats.hpp"

namespace fleetwright::gpu::reference {
namespace {

TEST(StorageFormats, EncodeKnownNumbersOfTwelveBits) {
  EXPECT_EQ(encode_e5m6(0.0), 0x000);
  EXPECT_EQ(encode_e5m6(-0.0), 0x800);
  EXPECT_EQ(encode_e5m6(1.0), 15 << 6);
  EXPECT_EQ(encode_e5m6(-1.5), 0x800 | 15 << 6 | 32);
  EXPECT_EQ(encode_e5m6(0x1p-20), 1);       // the smallest
  EXPECT_EQ(encode_e5m6(0x1p-14), 1 << 6);  // the smallest that is not subnormal
  EXPECT_EQ(encode_e5m6(130048.0), 0x7ff);  // the largest
}

TEST(StorageFormats, DecodeEveryCodeToWhatEncodesAsIt) {
  for (int code = 0; code < 0x1000; ++code) {
    const double value = decode_e5m6(static_cast<std::uint16_t>(code));
    EXPECT_EQ(encode_e5m6(value), code);
    EXPECT_EQ(round_e5m6(value), value);
  }
}

TEST(StorageFormats, GrowWithTheCode) {
  for (std::uint16_t code = 1; code < 0x800; ++code) {
    EXPECT_GT(decode_e5m6(code), decode_e5m6(static_cast<std::uint16_t>(code - 1)));
  }
}

TEST(StorageFormats, RoundToTheNearestCode) {
  EXPECT_EQ(encode_e5m6(round_e5m6(1 + 1.0 / 128)), 15 << 6);      // a tie, to even
  EXPECT_EQ(encode_e5m6(round_e5m6(1 + 3.0 / 128)), 15 << 6 | 2);  // a tie, to even
  EXPECT_EQ(encode_e5m6(round_e5m6(0x1.01p0 + 1.0 / 128)), 15 << 6 | 1);
  EXPECT_EQ(encode_e5m6(round_e5m6(1e9)), 0x7ff);
  EXPECT_EQ(encode_e5m6(round_e5m6(-1e9)), 0xfff);
}

TEST(StorageFormats, PackTwoNumbersIntoThreeBytesFirstNumberLow) {
  const std::vector<std::uint32_t> words =
      pack_12bit({0x123, 0x456, 0x789, 0xabc, 0xdef, 0x012, 0x345, 0x678});
  // The stream of hexadecimal digits from the lowest: 321 654 987 cba fed 210 543 876.
  EXPECT_EQ(words, (std::vector<std::uint32_t>{0x89456123, 0x2defabc7, 0x67834501}));
}

TEST(StorageFormats, UnpackWhatTheyPacked) {
  std::mt19937 engine(1);
  std::vector<std::uint16_t> codes(64);
  for (auto& code : codes) code = static_cast<std::uint16_t>(engine() % 0x1000);
  EXPECT_EQ(pack_12bit(codes).size(), 24U);
  EXPECT_EQ(unpack_12bit(pack_12bit(codes)), codes);
}

}  // namespace
}  // namespace fleetwright::gpu::reference
