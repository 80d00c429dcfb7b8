#include "profiles/gpu/timing/cupti_counters.hpp"

#include <cudaTypedefs.h>
#include <fmt/core.h>

#include <cstdint>
#include <vector>

#include "profiles/gpu/timing/cache_flush.hpp"
#include "profiles/gpu/timing/cuda_objects.hpp"
#include "profiles/gpu/timing/cupti_host.hpp"
#include "profiles/gpu/timing/current_device.hpp"
#include "profiles/gpu/timing/gpu_info.hpp"
#include "profiles/gpu/timing/range_profiler.hpp"

namespace fleetwright::gpu {
namespace {

// Through the runtime: a program that links libcuda does not start where there is no driver.
CUcontext current_context() {
  require_cuda(cudaFree(nullptr), "making a context");
  void* entry = nullptr;
  cudaDriverEntryPointQueryResult found{};
  require_cuda(
      cudaGetDriverEntryPointByVersion("cuCtxGetCurrent", &entry, 4000, cudaEnableDefault, &found),
      "looking for cuCtxGetCurrent");
  CUcontext context = nullptr;
  if (found != cudaDriverEntryPointSuccess ||
      reinterpret_cast<PFN_cuCtxGetCurrent_v4000>(entry)(&context) != CUDA_SUCCESS) {
    throw Error("the driver does not tell the current context");
  }
  return context;
}

void start_profiler(const CuptiLibrary& cupti, int device) {
  CUpti_Profiler_Initialize_Params start{};
  start.structSize = CUpti_Profiler_Initialize_Params_STRUCT_SIZE;
  cupti.require(cupti.cuptiProfilerInitialize(&start), "cuptiProfilerInitialize");
  CUpti_Profiler_DeviceSupported_Params supported{};
  supported.structSize = CUpti_Profiler_DeviceSupported_Params_STRUCT_SIZE;
  supported.cuDevice = device;
  supported.api = CUPTI_PROFILER_RANGE_PROFILING;
  cupti.require(cupti.cuptiProfilerDeviceSupported(&supported), "cuptiProfilerDeviceSupported");
  if (supported.isSupported != CUPTI_PROFILER_CONFIGURATION_SUPPORTED) {
    throw Unavailable("CUPTI does not count on this GPU as it is set up");
  }
}

std::string chip_of(const CuptiLibrary& cupti, int device) {
  CUpti_Device_GetChipName_Params chip{};
  chip.structSize = CUpti_Device_GetChipName_Params_STRUCT_SIZE;
  chip.deviceIndex = static_cast<std::size_t>(device);
  cupti.require(cupti.cuptiDeviceGetChipName(&chip), "cuptiDeviceGetChipName");
  return chip.pChipName;
}

std::vector<std::uint8_t> availability_of(const CuptiLibrary& cupti, CUcontext context) {
  CUpti_Profiler_GetCounterAvailability_Params ask{};
  ask.structSize = CUpti_Profiler_GetCounterAvailability_Params_STRUCT_SIZE;
  ask.ctx = context;
  cupti.require(cupti.cuptiProfilerGetCounterAvailability(&ask),
                "cuptiProfilerGetCounterAvailability");
  std::vector<std::uint8_t> image(ask.counterAvailabilityImageSize);
  ask.pCounterAvailabilityImage = image.data();
  cupti.require(cupti.cuptiProfilerGetCounterAvailability(&ask),
                "cuptiProfilerGetCounterAvailability");
  return image;
}

}  // namespace

/// A GPU whose counters can be read.
struct CuptiCounters::Device {
  CuptiLibrary cupti;
  int index = current_device();
  CUcontext context = current_context();
  OwnStream stream;
  CacheFlush flush{l2_bytes()};

  Device() {
    start_profiler(cupti, index);
    // This is where the driver asks for the permission.
    static_cast<void>(RangeProfiler(cupti, context));
  }

  [[nodiscard]] Counters count(Workload& workload) {
    CuptiHost host(cupti, chip_of(cupti, index), availability_of(cupti, context));
    const std::vector<std::uint8_t> config = host.configure(counter_metrics());
    const auto wait = [this] {
      require_cuda(cudaStreamSynchronize(stream.get()), "waiting for the GPU");
    };
    device_synchronize();
    workload.launch(stream.get());  // loads its code, which is not to be counted
    RangeProfiler profiler(cupti, context);
    const std::vector<std::uint8_t> counts = profiler.count(
        config, counter_metrics(),
        [&] {
          flush.queue(stream.get());
          wait();
        },
        [&] {
          workload.launch(stream.get());
          wait();
        });
    return counters_of(host.evaluate(counts, counter_metrics()));
  }
};

CuptiCounters::CuptiCounters() : problem_(gpu_problem()) {
  if (!problem_.empty()) return;
  try {
    device_ = std::make_unique<Device>();
  } catch (const CuptiError& error) {
    problem_ = counters_problem(error.result(), error.what());
  } catch (const std::runtime_error& error) {  // also Unavailable
    problem_ = error.what();
  }
}

CuptiCounters::~CuptiCounters() = default;

std::optional<Counters> CuptiCounters::count(Workload& workload) {
  if (!problem_.empty()) return std::nullopt;
  try {
    return device_->count(workload);
  } catch (const CuptiError& error) {
    // Some drivers refuse only once counting starts.
    if (error.result() != CUPTI_ERROR_INSUFFICIENT_PRIVILEGES) throw;
    problem_ = counters_problem(error.result(), error.what());
    return std::nullopt;
  }
}

std::string counters_problem(int result, const std::string& text) {
  switch (result) {
    case CUPTI_ERROR_INSUFFICIENT_PRIVILEGES:
    case CUPTI_ERROR_VIRTUALIZED_DEVICE_INSUFFICIENT_PRIVILEGES:
      return fmt::format(
          "reading the GPU's counters is not permitted (ERR_NVGPUCTRPERM; {}): it takes "
          "CAP_SYS_ADMIN, or a driver loaded with NVreg_RestrictProfilingToAdminUsers=0",
          text);
    case CUPTI_ERROR_HARDWARE_BUSY:
      return fmt::format("another profiler has the GPU's counters ({})", text);
    default:
      return fmt::format("the GPU's counters cannot be read ({})", text);
  }
}

}  // namespace fleetwright::gpu
