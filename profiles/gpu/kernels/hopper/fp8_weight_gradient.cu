#include "profiles/gpu/kernels/hopper/fp8_kernel.cuh"

namespace fleetwright::gpu::hopper {

bool launch_fp8_weight_gradient(const Fp8Launch& launch, Stream stream) {
  return launch_fp8<false>(launch, stream);
}

}  // namespace fleetwright::gpu::hopper
