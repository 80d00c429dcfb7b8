#pragma once

#include "profiles/gpu/kernels/device.cuh"

#ifdef __CUDACC__
#include <cuda_runtime.h>
#endif

namespace fleetwright::gpu::hopper {

struct ClusterLaunch {
  int blocks = 0;
  int cluster = 1;
  int threads = 0;
  int shared_bytes = 0;  // dynamic, from a multiple of 1,024 on
};

#ifdef __CUDACC__
/// Queues a kernel; throws Error if it cannot be started.
template <typename... P, typename... A>
void launch_clusters(void (*kernel)(P...), const ClusterLaunch& shape, Stream stream,
                     const A&... arguments) {
  const auto bytes = static_cast<unsigned>(shape.shared_bytes + 1024);
  cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                       static_cast<int>(bytes));
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>(shape.blocks));
  config.blockDim = dim3(static_cast<unsigned>(shape.threads));
  config.dynamicSmemBytes = bytes;
  config.stream = stream;
  cudaLaunchAttribute cluster{};
  cluster.id = cudaLaunchAttributeClusterDimension;
  cluster.val.clusterDim = {static_cast<unsigned>(shape.cluster), 1, 1};
  config.attrs = &cluster;
  config.numAttrs = 1;
  cudaLaunchKernelEx(&config, kernel, static_cast<P>(arguments)...);
  check_launch();
}
#endif

}  // namespace fleetwright::gpu::hopper
