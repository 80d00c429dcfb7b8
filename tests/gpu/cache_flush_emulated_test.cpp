#include "tests/gpu/emulator.hpp"
// The emulator first.
#include <gtest/gtest.h>

#include "profiles/gpu/timing/cache_flush.cu"

namespace fleetwright::gpu {
namespace {

TEST(CacheFlush, ReadsEachByteOfItsBufferOnceAndLeavesItWritten) {
  for (const bool descending : {false, true}) {
    emulator::descending = descending;
    // Whole rounds of the grid and parts of one; a few bytes beyond a multiple of 16.
    for (const std::size_t l2 : {std::size_t{1} << 19, std::size_t{100'004}, std::size_t{16}}) {
      CacheFlush flush(l2);
      EXPECT_GE(flush.bytes(), 2 * l2);
      EXPECT_LT(flush.bytes(), 2 * l2 + 16);
      for (int again = 0; again < 2; ++again) {
        flush.queue(nullptr);
        const auto words = static_cast<unsigned>(flush.bytes() / sizeof(unsigned));
        EXPECT_EQ(flush.sum(), words * 0x01010101U);
      }
    }
  }
  emulator::descending = false;
}

}  // namespace
}  // namespace fleetwright::gpu
