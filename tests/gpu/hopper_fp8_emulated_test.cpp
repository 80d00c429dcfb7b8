#include "tests/gpu/hopper_emulator.hpp"
//
#include "profiles/gpu/kernels/hopper/fp8_forward.cu"
#include "profiles/gpu/kernels/hopper/fp8_weight_gradient.cu"
//
#include "profiles/gpu/checks/hopper_fp8_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedHopperFp8, EqualsTheReference) { expect_passes(check_hopper_fp8, {1, 2}); }

}  // namespace
}  // namespace fleetwright::gpu
