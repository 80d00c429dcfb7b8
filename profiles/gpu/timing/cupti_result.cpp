// What CUPTI's results and versions mean; how it is loaded is in cupti_library.cpp.

#include <fmt/core.h>

#include "profiles/gpu/timing/cupti_library.hpp"

namespace fleetwright::gpu {

std::string CuptiLibrary::text(CUptiResult result) const {
  const char* name = nullptr;
  if (cuptiGetResultString(result, &name) != CUPTI_SUCCESS || name == nullptr) name = "error";
  return fmt::format("{} ({})", name, static_cast<int>(result));
}

void CuptiLibrary::require(CUptiResult result, std::string_view what) const {
  if (result != CUPTI_SUCCESS) {
    throw CuptiError(fmt::format("{}: {}", what, text(result)), result);
  }
}

std::string cupti_version(std::uint32_t version) {
  // Up to CUDA 12 it was a plain number (cupti_version.h).
  if (version < 10'000) return fmt::format("API {} (of CUDA 12 or older)", version);
  return fmt::format("{}.{}.{}", version / 10'000, version / 100 % 100, version % 100);
}

std::string cupti_version_problem(std::uint32_t version, std::uint32_t header) {
  if (version / 10'000 == header / 10'000) return {};
  return fmt::format("CUPTI {} cannot be used, this build is for CUPTI {}", cupti_version(version),
                     cupti_version(header));
}

}  // namespace fleetwright::gpu
