#include "profiles/gpu/timing/gpu_info.hpp"

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/timing/cuda_check.hpp"
#include "profiles/gpu/timing/cupti_library.hpp"
#include "profiles/gpu/timing/current_device.hpp"
#include "profiles/gpu/timing/gpu_names.hpp"
#include "profiles/gpu/timing/gpu_problem.hpp"
#include "profiles/gpu/timing/nvml.hpp"

namespace fleetwright::gpu {
namespace {

GpuFacts facts_here() {
  GpuFacts facts;
  facts.runtime_version = CUDART_VERSION;
  if (cudaDriverGetVersion(&facts.driver_version) != cudaSuccess) facts.driver_version = 0;
  if (facts.driver_version / 1000 < facts.runtime_version / 1000) return facts;
  const cudaError_t status = cudaGetDeviceCount(&facts.devices);
  if (status != cudaSuccess) {
    facts.devices = 0;
    facts.device_error = cudaGetErrorString(status);
    return facts;
  }
  cudaDeviceProp properties{};
  int device = 0;
  if (cudaGetDevice(&device) == cudaSuccess &&
      cudaGetDeviceProperties(&properties, device) == cudaSuccess) {
    facts.name = properties.name;
    facts.compute_major = properties.major;
  }
  return facts;
}

std::string driver_here(const std::string& bus_id) {
  try {
    return Nvml(bus_id).driver_version();
  } catch (const Unavailable&) {
    return {};
  }
}

std::string cupti_here() {
  try {
    return cupti_version(CuptiLibrary().version());
  } catch (const Unavailable&) {
    return {};
  }
}

}  // namespace

std::string gpu_problem() { return problem_of(facts_here()); }

GpuInfo current_gpu() {
  if (const std::string problem = gpu_problem(); !problem.empty()) throw Error(problem);
  int driver = 0, runtime = 0;
  cudaDeviceProp properties{};
  require_cuda(cudaGetDeviceProperties(&properties, current_device()),
               "asking for the GPU's properties");
  require_cuda(cudaDriverGetVersion(&driver), "asking for the driver's version");
  require_cuda(cudaRuntimeGetVersion(&runtime), "asking for CUDA's version");
  GpuInfo info;
  info.name = properties.name;
  info.accelerator =
      accelerator_id(properties.name, static_cast<double>(properties.totalGlobalMem));
  info.pci_bus_id = pci_bus_id();
  info.compute_capability = fmt::format("{}.{}", properties.major, properties.minor);
  info.multiprocessors = properties.multiProcessorCount;
  info.l2_bytes = static_cast<std::size_t>(properties.l2CacheSize);
  info.memory_bytes = properties.totalGlobalMem;
  info.driver = driver_here(info.pci_bus_id);
  info.driver_cuda = cuda_version(driver);
  info.runtime_cuda = cuda_version(runtime);
  info.cupti = cupti_here();
  return info;
}

}  // namespace fleetwright::gpu
