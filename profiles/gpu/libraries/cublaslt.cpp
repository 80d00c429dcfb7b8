#include "profiles/gpu/libraries/cublaslt.hpp"

#include <fmt/core.h>

#include "models/core/error.hpp"
#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/libraries/library_search.hpp"

namespace fleetwright::gpu {
namespace {

CublasLtApi load() {
  const SharedLibrary library = open_library(cublaslt_library, process_places());
  CublasLtApi api;
#define FLEETWRIGHT_LOOK_UP(function) \
  api.function = reinterpret_cast<decltype(&::function)>(library.symbol(#function));
  FLEETWRIGHT_CUBLASLT_FUNCTIONS(FLEETWRIGHT_LOOK_UP)
#undef FLEETWRIGHT_LOOK_UP
  api.path = library.path();
  return api;
}

}  // namespace

std::string CublasLtApi::version() const {
  // CUBLAS_VERSION of cublas_api.h.
  const std::size_t v = cublasLtGetVersion();
  return fmt::format("{}.{}.{}", v / 10000, v / 100 % 100, v % 100);
}

void CublasLtApi::require(cublasStatus_t status, std::string_view what) const {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  const std::string text =
      fmt::format("cuBLASLt {}: {}: {}", version(), what, cublasLtGetStatusString(status));
  if (status == CUBLAS_STATUS_NOT_SUPPORTED || status == CUBLAS_STATUS_ARCH_MISMATCH ||
      status == CUBLAS_STATUS_NOT_INITIALIZED) {
    throw Unavailable(text);
  }
  throw Error(text);
}

const CublasLtApi& cublaslt_api() {
  static const CublasLtApi api = load();
  return api;
}

CublasLtHandle cublaslt_handle(const CublasLtApi& api) {
  cublasLtHandle_t handle = nullptr;
  api.require(api.cublasLtCreate(&handle), "creating a handle");
  return {handle, [&api](cublasLtHandle_t h) { api.cublasLtDestroy(h); }};
}

CublasLtOperation cublaslt_operation(const CublasLtApi& api) {
  cublasLtMatmulDesc_t operation = nullptr;
  api.require(api.cublasLtMatmulDescCreate(&operation, CUBLAS_COMPUTE_32F, CUDA_R_32F),
              "describing a product");
  return {operation, [&api](cublasLtMatmulDesc_t o) { api.cublasLtMatmulDescDestroy(o); }};
}

CublasLtLayout cublaslt_layout(const CublasLtApi& api, cudaDataType_t type, std::size_t rows,
                               std::size_t columns, std::size_t pitch) {
  cublasLtMatrixLayout_t layout = nullptr;
  api.require(api.cublasLtMatrixLayoutCreate(&layout, type, rows, columns,
                                             static_cast<std::int64_t>(pitch)),
              "describing a matrix");
  return {layout, [&api](cublasLtMatrixLayout_t l) { api.cublasLtMatrixLayoutDestroy(l); }};
}

CublasLtPreference cublaslt_preference(const CublasLtApi& api) {
  cublasLtMatmulPreference_t preference = nullptr;
  api.require(api.cublasLtMatmulPreferenceCreate(&preference), "describing a preference");
  return {preference,
          [&api](cublasLtMatmulPreference_t p) { api.cublasLtMatmulPreferenceDestroy(p); }};
}

}  // namespace fleetwright::gpu
