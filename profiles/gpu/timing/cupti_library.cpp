#include "profiles/gpu/timing/cupti_library.hpp"

#include <fmt/core.h>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/libraries/library_search.hpp"

namespace fleetwright::gpu {

CuptiLibrary::CuptiLibrary() {
  const SharedLibrary library = open_library(cupti_library, process_places());
  // The version first: another one lacks functions, and that is not what to report.
  cuptiGetVersion =
      reinterpret_cast<decltype(&::cuptiGetVersion)>(library.symbol("cuptiGetVersion"));
  cuptiGetVersion(&version_);
  if (const std::string problem = cupti_version_problem(version_, CUPTI_API_VERSION);
      !problem.empty()) {
    throw Unavailable(fmt::format("{}: {}", library.path(), problem));
  }
#define FLEETWRIGHT_CUPTI_LOAD(function) \
  function = reinterpret_cast<decltype(&::function)>(library.symbol(#function));
  FLEETWRIGHT_CUPTI_FUNCTIONS(FLEETWRIGHT_CUPTI_LOAD)
#undef FLEETWRIGHT_CUPTI_LOAD
}

}  // namespace fleetwright::gpu
