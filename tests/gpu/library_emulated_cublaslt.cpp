#include "tests/gpu/library_emulated_cublaslt.hpp"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <map>
#include <thread>
#include <vector>

#include "profiles/gpu/reference/number_formats.hpp"

// Quotations are of the cuBLAS 13 documentation: sections "cublasLtMatmul()" and "128-element 1D
// and 128x128 2D Block Scaling For FP8 Data Types".
namespace fleetwright::gpu {
namespace {

struct MatmulOperation {
  std::map<int, std::int64_t> attributes;
  std::map<int, const float*> pointers;

  [[nodiscard]] std::int64_t value(cublasLtMatmulDescAttributes_t name) const {
    const auto found = attributes.find(name);
    return found == attributes.end() ? 0 : found->second;
  }
  [[nodiscard]] bool transposes(cublasLtMatmulDescAttributes_t name) const {
    return value(name) == CUBLAS_OP_T;
  }
  [[nodiscard]] const float* scales(cublasLtMatmulDescAttributes_t name) const {
    const auto found = pointers.find(name);
    return found == pointers.end() ? nullptr : found->second;
  }
};

struct MatmulLayout {
  cudaDataType type = CUDA_R_32F;
  std::uint64_t rows = 0, columns = 0;
  std::int64_t pitch = 0;
};

struct MatmulPreference {
  std::map<int, std::uint64_t> attributes;
};

int last_sms = -1, last_algorithm = -1;

template <typename Known, typename Opaque>
Known& as(Opaque* opaque) {
  return *reinterpret_cast<Known*>(opaque);
}

bool is_fp8(const MatmulLayout& x) { return x.type == CUDA_R_8F_E4M3; }

std::uint64_t width(cudaDataType type) {
  return type == CUDA_R_32F ? 4 : (type == CUDA_R_8F_E4M3 ? 1 : 2);
}

double read(const MatmulLayout& x, const void* memory, std::uint64_t row, std::uint64_t column) {
  const std::uint64_t i = row + column * static_cast<std::uint64_t>(x.pitch);
  switch (x.type) {
    case CUDA_R_8F_E4M3:
      return reference::decode_e4m3(static_cast<const std::uint8_t*>(memory)[i]);
    case CUDA_R_16F:
      return static_cast<double>(__half2float(static_cast<const __half*>(memory)[i]));
    case CUDA_R_16BF:
      return static_cast<double>(__bfloat162float(static_cast<const __nv_bfloat16*>(memory)[i]));
    default:
      return static_cast<double>(static_cast<const float*>(memory)[i]);
  }
}

void write(const MatmulLayout& x, void* memory, std::uint64_t row, std::uint64_t column, double v) {
  const std::uint64_t i = row + column * static_cast<std::uint64_t>(x.pitch);
  const auto narrow = static_cast<float>(v);
  switch (x.type) {
    case CUDA_R_16F:
      static_cast<__half*>(memory)[i] = __float2half(narrow);
      break;
    case CUDA_R_16BF:
      static_cast<__nv_bfloat16*>(memory)[i] = __float2bfloat16_rn(narrow);
      break;
    default:
      static_cast<float*>(memory)[i] = narrow;
  }
}

/// One operand as the product sees it: [outer, k].
struct Side {
  const MatmulLayout& layout;
  bool k_is_row = false;  // of the matrix in memory
  std::int64_t mode = 0;
  const float* scales = nullptr;

  [[nodiscard]] std::uint64_t outer() const { return k_is_row ? layout.columns : layout.rows; }
  [[nodiscard]] std::uint64_t k() const { return k_is_row ? layout.rows : layout.columns; }
  [[nodiscard]] double scale(std::uint64_t i, std::uint64_t l) const {
    if (!is_fp8(layout) || scales == nullptr) return 1;
    const std::uint64_t groups = (k() + 127) / 128, padded = (groups + 3) / 4 * 4;
    switch (mode) {
      // "M-major with shape M x L": elements along M are contiguous in memory.
      case CUBLASLT_MATMUL_MATRIX_SCALE_VEC128_32F:
        return static_cast<double>(scales[i + l / 128 * outer()]);
      // "K-major, and the stride between the consecutive columns must be a multiple of 4."
      case CUBLASLT_MATMUL_MATRIX_SCALE_BLK128x128_32F:
        return static_cast<double>(scales[l / 128 + i / 128 * padded]);
      default:
        return static_cast<double>(scales[0]);
    }
  }
  /// Row-major.
  [[nodiscard]] std::vector<double> values(const void* memory) const {
    std::vector<double> all;
    for (std::uint64_t i = 0; i < outer(); ++i) {
      for (std::uint64_t l = 0; l < k(); ++l) {
        const double x = k_is_row ? read(layout, memory, l, i) : read(layout, memory, i, l);
        all.push_back(x * scale(i, l));
      }
    }
    return all;
  }
};

Side side_a(const MatmulOperation& o, const MatmulLayout& a) {
  return {a, o.transposes(CUBLASLT_MATMUL_DESC_TRANSA), o.value(CUBLASLT_MATMUL_DESC_A_SCALE_MODE),
          o.scales(CUBLASLT_MATMUL_DESC_A_SCALE_POINTER)};
}

Side side_b(const MatmulOperation& o, const MatmulLayout& b) {
  return {b, !o.transposes(CUBLASLT_MATMUL_DESC_TRANSB), o.value(CUBLASLT_MATMUL_DESC_B_SCALE_MODE),
          o.scales(CUBLASLT_MATMUL_DESC_B_SCALE_POINTER)};
}

bool combines(const MatmulLayout& a, const MatmulLayout& b, const MatmulLayout& c,
              const MatmulLayout& d) {
  if (a.type != b.type || c.type != d.type) return false;
  if (a.type == CUDA_R_8F_E4M3) {
    return d.type == CUDA_R_16BF || d.type == CUDA_R_16F || d.type == CUDA_R_32F;
  }
  return d.type == a.type || d.type == CUDA_R_32F;
}

bool aligned_to_16(const MatmulLayout& x) {
  return x.rows * width(x.type) % 16 == 0 &&
         static_cast<std::uint64_t>(x.pitch) * width(x.type) % 16 == 0;
}

cublasStatus_t supports(const MatmulOperation& o, const MatmulLayout& a, const MatmulLayout& b,
                        const MatmulLayout& c, const MatmulLayout& d) {
  const Side left = side_a(o, a), right = side_b(o, b);
  if (left.outer() != d.rows || right.outer() != d.columns || left.k() != right.k()) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  for (const MatmulLayout* x : {&a, &b, &c, &d}) {
    if (static_cast<std::uint64_t>(x->pitch) < x->rows) return CUBLAS_STATUS_INVALID_VALUE;
  }
  if (!combines(a, b, c, d)) return CUBLAS_STATUS_NOT_SUPPORTED;
  const auto blocks = static_cast<std::int64_t>(CUBLASLT_MATMUL_MATRIX_SCALE_BLK128x128_32F);
  if (!is_fp8(a)) {
    return left.mode != 0 || right.mode != 0 || left.scales != nullptr || right.scales != nullptr
               ? CUBLAS_STATUS_INVALID_VALUE
               : CUBLAS_STATUS_SUCCESS;
  }
  // "A must be transposed and B non-transposed"; "matrix dimension must support 16-byte alignment".
  if (!left.k_is_row || !right.k_is_row) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (!aligned_to_16(a) || !aligned_to_16(b) || !aligned_to_16(d))
    return CUBLAS_STATUS_NOT_SUPPORTED;
  if (left.mode == 0 && right.mode == 0) return CUBLAS_STATUS_SUCCESS;
  if (left.mode == 0 || right.mode == 0) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (left.mode == blocks && right.mode == blocks) return CUBLAS_STATUS_NOT_SUPPORTED;
  // "M and N must be multiples of 4."
  return d.rows % 4 == 0 && d.columns % 4 == 0 ? CUBLAS_STATUS_SUCCESS
                                               : CUBLAS_STATUS_NOT_SUPPORTED;
}

cublasStatus_t create(cublasLtHandle_t* handle) {
  *handle = reinterpret_cast<cublasLtHandle_t>(new int(0));
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t destroy(cublasLtHandle_t handle) {
  delete reinterpret_cast<int*>(handle);
  return CUBLAS_STATUS_SUCCESS;
}

std::size_t attribute_size(cublasLtMatmulDescAttributes_t name) {
  switch (name) {
    case CUBLASLT_MATMUL_DESC_A_SCALE_POINTER:
    case CUBLASLT_MATMUL_DESC_B_SCALE_POINTER:
      return sizeof(void*);
    case CUBLASLT_MATMUL_DESC_FAST_ACCUM:
      return 1;
    default:
      return 4;
  }
}

cublasStatus_t set_operation(cublasLtMatmulDesc_t operation, cublasLtMatmulDescAttributes_t name,
                             const void* value, std::size_t size) {
  if (size != attribute_size(name)) return CUBLAS_STATUS_INVALID_VALUE;
  auto& o = as<MatmulOperation>(operation);
  if (size == sizeof(void*)) {
    const float* scales = nullptr;
    std::memcpy(static_cast<void*>(&scales), value, size);
    o.pointers[name] = scales;
  } else {
    std::memcpy(&o.attributes[name], value, size);
  }
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t set_preference(cublasLtMatmulPreference_t preference,
                              cublasLtMatmulPreferenceAttributes_t name, const void* value,
                              std::size_t size) {
  const bool is_size = name == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES;
  if (size != (is_size ? sizeof(std::size_t) : sizeof(std::uint32_t))) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  std::uint64_t number = 0;
  std::memcpy(&number, value, size);
  as<MatmulPreference>(preference).attributes[name] = number;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t heuristic(cublasLtHandle_t, cublasLtMatmulDesc_t operation, cublasLtMatrixLayout_t a,
                         cublasLtMatrixLayout_t b, cublasLtMatrixLayout_t c,
                         cublasLtMatrixLayout_t d, cublasLtMatmulPreference_t preference,
                         int wanted, cublasLtMatmulHeuristicResult_t* results, int* found) {
  const auto& o = as<MatmulOperation>(operation);
  const cublasStatus_t status = supports(o, as<MatmulLayout>(a), as<MatmulLayout>(b),
                                         as<MatmulLayout>(c), as<MatmulLayout>(d));
  if (status != CUBLAS_STATUS_SUCCESS) return status;
  const auto& wishes = as<MatmulPreference>(preference).attributes;
  constexpr int algorithms = 3;
  *found = std::min(wanted, algorithms);
  for (int i = 0; i < *found; ++i) {
    results[i] = {};
    results[i].algo.data[0] = static_cast<std::uint64_t>(i);
    results[i].algo.data[1] =
        static_cast<std::uint64_t>(o.value(CUBLASLT_MATMUL_DESC_SM_COUNT_TARGET));
    results[i].algo.data[2] = wishes.at(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES);
    results[i].algo.data[3] = wishes.at(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES);
    results[i].algo.data[4] = wishes.at(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES);
    results[i].workspaceSize = wishes.at(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES);
    // One that the library itself found not to work.
    results[i].state = i == 1 ? CUBLAS_STATUS_NOT_SUPPORTED : CUBLAS_STATUS_SUCCESS;
  }
  return CUBLAS_STATUS_SUCCESS;
}

bool aligned(const void* pointer, std::uint64_t to) {
  return reinterpret_cast<std::uintptr_t>(pointer) % to == 0;
}

cublasStatus_t matmul(cublasLtHandle_t, cublasLtMatmulDesc_t operation, const void* alpha,
                      const void* a, cublasLtMatrixLayout_t a_layout, const void* b,
                      cublasLtMatrixLayout_t b_layout, const void* beta, const void* c,
                      cublasLtMatrixLayout_t c_layout, void* d, cublasLtMatrixLayout_t d_layout,
                      const cublasLtMatmulAlgo_t* algo, void* workspace, std::size_t bytes,
                      cudaStream_t) {
  const auto& o = as<MatmulOperation>(operation);
  const auto &la = as<MatmulLayout>(a_layout), &lb = as<MatmulLayout>(b_layout),
             &lc = as<MatmulLayout>(c_layout), &ld = as<MatmulLayout>(d_layout);
  const Side left = side_a(o, la), right = side_b(o, lb);
  const auto* chosen = algo->data;
  if (supports(o, la, lb, lc, ld) != CUBLAS_STATUS_SUCCESS || workspace == nullptr || bytes == 0 ||
      !aligned(a, chosen[2]) || !aligned(b, chosen[3]) || !aligned(d, chosen[4]) ||
      !aligned(left.scales, 16) || !aligned(right.scales, 16)) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  const auto factor = static_cast<double>(*static_cast<const float*>(alpha));
  const auto kept = static_cast<double>(*static_cast<const float*>(beta));
  if (chosen[0] == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const std::vector<double> left_values = left.values(a), right_values = right.values(b);
  const std::uint64_t k = left.k();
  for (std::uint64_t j = 0; j < ld.columns; ++j) {
    for (std::uint64_t i = 0; i < ld.rows; ++i) {
      double sum = 0;
      for (std::uint64_t l = 0; l < k; ++l) {
        sum += left_values[i * k + l] * right_values[j * k + l];
      }
      write(ld, d, i, j, factor * sum + (kept == 0 ? 0 : kept * read(lc, c, i, j)));
    }
  }
  last_algorithm = static_cast<int>(chosen[0]);
  last_sms = static_cast<int>(chosen[1]);
  return CUBLAS_STATUS_SUCCESS;
}

}  // namespace

CublasLtApi emulated_cublaslt() {
  CublasLtApi api;
  api.path = "emulated";
  api.cublasLtGetVersion = [] { return std::size_t{130100}; };
  api.cublasLtGetStatusString = [](cublasStatus_t status) {
    return status == CUBLAS_STATUS_NOT_SUPPORTED ? "not supported" : "wrong";
  };
  api.cublasLtCreate = create;
  api.cublasLtDestroy = destroy;
  api.cublasLtMatmulDescCreate = [](cublasLtMatmulDesc_t* operation, cublasComputeType_t computed,
                                    cudaDataType_t scales) {
    if (computed != CUBLAS_COMPUTE_32F || scales != CUDA_R_32F) return CUBLAS_STATUS_NOT_SUPPORTED;
    *operation = reinterpret_cast<cublasLtMatmulDesc_t>(new MatmulOperation);
    return CUBLAS_STATUS_SUCCESS;
  };
  api.cublasLtMatmulDescDestroy = [](cublasLtMatmulDesc_t operation) {
    delete &as<MatmulOperation>(operation);
    return CUBLAS_STATUS_SUCCESS;
  };
  api.cublasLtMatmulDescSetAttribute = set_operation;
  api.cublasLtMatrixLayoutCreate = [](cublasLtMatrixLayout_t* layout, cudaDataType type,
                                      std::uint64_t rows, std::uint64_t columns,
                                      std::int64_t pitch) {
    *layout =
        reinterpret_cast<cublasLtMatrixLayout_t>(new MatmulLayout{type, rows, columns, pitch});
    return CUBLAS_STATUS_SUCCESS;
  };
  api.cublasLtMatrixLayoutDestroy = [](cublasLtMatrixLayout_t layout) {
    delete &as<MatmulLayout>(layout);
    return CUBLAS_STATUS_SUCCESS;
  };
  api.cublasLtMatmulPreferenceCreate = [](cublasLtMatmulPreference_t* preference) {
    *preference = reinterpret_cast<cublasLtMatmulPreference_t>(new MatmulPreference);
    return CUBLAS_STATUS_SUCCESS;
  };
  api.cublasLtMatmulPreferenceDestroy = [](cublasLtMatmulPreference_t preference) {
    delete &as<MatmulPreference>(preference);
    return CUBLAS_STATUS_SUCCESS;
  };
  api.cublasLtMatmulPreferenceSetAttribute = set_preference;
  api.cublasLtMatmulAlgoGetHeuristic = heuristic;
  api.cublasLtMatmul = matmul;
  return api;
}

int emulated_cublaslt_sms() { return last_sms; }
int emulated_cublaslt_algorithm() { return last_algorithm; }

}  // namespace fleetwright::gpu
