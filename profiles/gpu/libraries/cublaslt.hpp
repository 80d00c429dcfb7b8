#pragma once

#include <cublasLt.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace fleetwright::gpu {

#define FLEETWRIGHT_CUBLASLT_FUNCTIONS(X) \
  X(cublasLtGetVersion)                   \
  X(cublasLtGetStatusString)              \
  X(cublasLtCreate)                       \
  X(cublasLtDestroy)                      \
  X(cublasLtMatmulDescCreate)             \
  X(cublasLtMatmulDescDestroy)            \
  X(cublasLtMatmulDescSetAttribute)       \
  X(cublasLtMatrixLayoutCreate)           \
  X(cublasLtMatrixLayoutDestroy)          \
  X(cublasLtMatmulPreferenceCreate)       \
  X(cublasLtMatmulPreferenceDestroy)      \
  X(cublasLtMatmulPreferenceSetAttribute) \
  X(cublasLtMatmulAlgoGetHeuristic)       \
  X(cublasLtMatmul)

/// The functions of cuBLASLt that are used here, under their own names.
struct CublasLtApi {
#define FLEETWRIGHT_DECLARE(function) decltype(&::function) function = nullptr;
  FLEETWRIGHT_CUBLASLT_FUNCTIONS(FLEETWRIGHT_DECLARE)  // NOLINT(readability-identifier-naming)
#undef FLEETWRIGHT_DECLARE
  std::string path;

  /// "13.1.0".
  [[nodiscard]] std::string version() const;
  /// Throws Unavailable for what the library does not do on this GPU, Error for all else.
  void require(cublasStatus_t status, std::string_view what) const;
};

/// Loaded at the first call. Throws Unavailable.
[[nodiscard]] const CublasLtApi& cublaslt_api();

using CublasLtHandle = std::shared_ptr<cublasLtContext>;

/// For the current GPU. Throws Unavailable where there is none.
[[nodiscard]] CublasLtHandle cublaslt_handle(const CublasLtApi& api);

/// What a product is made of.
using CublasLtOperation = std::shared_ptr<cublasLtMatmulDescOpaque_t>;
using CublasLtLayout = std::shared_ptr<cublasLtMatrixLayoutOpaque_t>;
using CublasLtPreference = std::shared_ptr<cublasLtMatmulPreferenceOpaque_t>;

/// FP32 accumulation, alpha and beta in FP32 on the host.
[[nodiscard]] CublasLtOperation cublaslt_operation(const CublasLtApi& api);
/// Column-major.
[[nodiscard]] CublasLtLayout cublaslt_layout(const CublasLtApi& api, cudaDataType_t type,
                                             std::size_t rows, std::size_t columns,
                                             std::size_t pitch);
[[nodiscard]] CublasLtPreference cublaslt_preference(const CublasLtApi& api);

template <typename T>
void set_attribute(const CublasLtApi& api, const CublasLtOperation& operation,
                   cublasLtMatmulDescAttributes_t name, const T& value) {
  api.require(api.cublasLtMatmulDescSetAttribute(operation.get(), name,
                                                 static_cast<const void*>(&value), sizeof(value)),
              "attribute " + std::to_string(static_cast<int>(name)) + " of a product");
}

template <typename T>
void set_attribute(const CublasLtApi& api, const CublasLtPreference& preference,
                   cublasLtMatmulPreferenceAttributes_t name, const T& value) {
  api.require(
      api.cublasLtMatmulPreferenceSetAttribute(preference.get(), name, &value, sizeof(value)),
      "attribute " + std::to_string(static_cast<int>(name)) + " of a preference");
}

}  // namespace fleetwright::gpu
