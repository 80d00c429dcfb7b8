#include "profiles/gpu/libraries/library_report.hpp"

#include <fmt/core.h>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/libraries/cublaslt.hpp"
#include "profiles/gpu/libraries/cudnn.hpp"
#include "profiles/gpu/libraries/library_search.hpp"

namespace fleetwright::gpu {
namespace {

template <typename F>
std::string line(const LibraryName& name, F describe) {
  try {
    return fmt::format("{} {}", name.title, describe());
  } catch (const Unavailable& e) {
    return e.what();
  }
}

template <typename Api>
std::string describe(const Api& api) {
  return fmt::format("{} at {}", api.version(), api.path);
}

}  // namespace

std::vector<std::string> library_report() {
  return {line(cublaslt_library, [] { return describe(cublaslt_api()); }),
          line(cudnn_library, [] { return describe(cudnn_api()); }), line(cupti_library, [] {
            return "at " + open_library(cupti_library, process_places()).path();
          })};
}

}  // namespace fleetwright::gpu
