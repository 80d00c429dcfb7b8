#include "tests/gpu/hopper_emulator.hpp"
//
#include "profiles/gpu/kernels/hopper/limited_copy.cu"
//
#include "profiles/gpu/checks/compare.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

// As many as one round of all blocks, fewer, and a ragged second round.
TEST(EmulatedLimitedCopy, CopiesEveryNumber) {
  for (const std::size_t size :
       {std::size_t{8}, std::size_t{3 * 1024 * 4 * 8}, std::size_t{100'040}}) {
    const std::vector<__nv_bfloat16> numbers = random_bf16(size, size);
    const DeviceArray<__nv_bfloat16> from(numbers);
    DeviceArray<__nv_bfloat16> to(size);
    hopper::copy_on_some(3, from.data(), to.data(), size, 2, nullptr);
    EXPECT_EQ(widen(to.host()), widen(numbers));
  }
  EXPECT_THROW(hopper::copy_on_some(0, nullptr, nullptr, 8, 1, nullptr), Error);
  EXPECT_THROW(hopper::copy_on_some(1, nullptr, nullptr, 9, 1, nullptr), Error);
}

}  // namespace
}  // namespace fleetwright::gpu
