#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/expert_mapping.cu"
//
#include "profiles/gpu/checks/expert_mapping_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedExpertMapping, EqualsTheReference) { expect_passes(check_expert_mapping, {1, 20266}); }

TEST(EmulatedExpertMapping, RefusesWhatItCannotDo) {
  const auto refuses = [](const ExpertChoices& shape) {
    EXPECT_THROW(expert_mapping(nullptr, nullptr, shape, nullptr, nullptr, nullptr, nullptr),
                 Error);
  };
  refuses({1, 1, 513});
  refuses({1, 1, 0});
  refuses({0, 8, 8});
  refuses({1 << 29, 4, 8});
}

}  // namespace
}  // namespace fleetwright::gpu
