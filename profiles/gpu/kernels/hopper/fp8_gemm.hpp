#pragma once

#include <cuda_bf16.h>
#include <cuda_fp8.h>

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/kernels/hopper/fp8_arguments.hpp"
#include "profiles/gpu/kernels/hopper/fp8_plan.hpp"
#include "profiles/gpu/kernels/hopper/fp8_problem.hpp"

namespace fleetwright::gpu::hopper {

struct Fp8Operands {
  const __nv_fp8_storage_t* a = nullptr;
  const __nv_fp8_storage_t* b = nullptr;
  const float* a_scales = nullptr;
  const float* b_scales = nullptr;
  void* d = nullptr;  // forward: BF16, written; weight gradient: FP32, added to
};

/// d = a b^T of E4M3 operands, each partial sum over 128 k scaled and added up in FP32, as
/// fp8_problem.hpp says where things lie. For GPUs of compute capability 9.0.
class Fp8Gemm {
 public:
  /// `sizes`, of the groups, on the device; read by each launch. Throws Error for a problem or plan
  /// that the kernel does not take, Unavailable where there is no driver.
  Fp8Gemm(const Fp8Problem& problem, const Fp8Plan& plan, const Fp8Operands& operands,
          const std::int32_t* sizes = nullptr);
  void run(Stream stream) const;

 private:
  Fp8Problem problem_;
  Fp8Plan plan_;
  Fp8Operands operands_;
  const std::int32_t* sizes_;
  Fp8Maps maps_;
};

}  // namespace fleetwright::gpu::hopper
