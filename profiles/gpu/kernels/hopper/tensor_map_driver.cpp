#include <cudaTypedefs.h>
#include <cuda_runtime_api.h>
#include <fmt/core.h>

#include "models/core/error.hpp"
#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/kernels/hopper/tensor_map.hpp"
#include "profiles/gpu/timing/cuda_check.hpp"

namespace fleetwright::gpu::hopper {
namespace {

using EncodeTiled = PFN_cuTensorMapEncodeTiled_v12000;

// libcuda is not linked, so that the program starts where it is not.
EncodeTiled find_encoder() {
  void* function = nullptr;
  cudaDriverEntryPointQueryResult found{};
  const cudaError_t status = cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function,
                                                              12000, cudaEnableDefault, &found);
  if (status != cudaSuccess || found != cudaDriverEntryPointSuccess || function == nullptr) {
    cudaGetLastError();
    throw Unavailable("the driver has no tensor maps (cuTensorMapEncodeTiled)");
  }
  return reinterpret_cast<EncodeTiled>(function);
}

CUtensorMapDataType type_of(TensorType type) {
  switch (type) {
    case TensorType::byte:
      return CU_TENSOR_MAP_DATA_TYPE_UINT8;
    case TensorType::bfloat16:
      return CU_TENSOR_MAP_DATA_TYPE_BFLOAT16;
    case TensorType::float32:
      return CU_TENSOR_MAP_DATA_TYPE_FLOAT32;
  }
  throw Error("tensor map: no such type");
}

CUtensorMapSwizzle swizzle_of(int span) {
  if (span == 128) return CU_TENSOR_MAP_SWIZZLE_128B;
  if (span == 64) return CU_TENSOR_MAP_SWIZZLE_64B;
  return span == 32 ? CU_TENSOR_MAP_SWIZZLE_32B : CU_TENSOR_MAP_SWIZZLE_NONE;
}

}  // namespace

TensorMap encode_tensor_map(const TensorBox& b) {
  check_tensor_box(b);
  static const EncodeTiled encode = find_encoder();
  TensorMap map{};
  const std::array<std::uint32_t, 3> steps{1, 1, 1};
  const CUresult status = encode(
      &map, type_of(b.type), static_cast<cuuint32_t>(b.rank), const_cast<void*>(b.data),
      b.size.data(), b.stride.data(), b.box.data(), steps.data(), CU_TENSOR_MAP_INTERLEAVE_NONE,
      swizzle_of(b.swizzle), CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  if (status != CUDA_SUCCESS) {
    throw Error(fmt::format("cuTensorMapEncodeTiled: CUDA error {}", static_cast<int>(status)));
  }
  return map;
}

void require_hopper() {
  int device = 0, major = 0, minor = 0;
  require_cuda(cudaGetDevice(&device), "asking for the GPU");
  require_cuda(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device),
               "asking for the compute capability");
  require_cuda(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device),
               "asking for the compute capability");
  if (major != 9 || minor != 0) {
    throw Unavailable(fmt::format("for compute capability 9.0, not {}.{}", major, minor));
  }
}

}  // namespace fleetwright::gpu::hopper
