#include "profiles/gpu/timing/launch_overhead.hpp"

#include <limits>
#include <utility>

#include "profiles/gpu/timing/clock_probe.hpp"
#include "profiles/gpu/timing/cuda_objects.hpp"
#include "profiles/gpu/timing/cupti_activity.hpp"
#include "profiles/gpu/timing/median.hpp"

namespace fleetwright::gpu {
namespace {

double empty_us(cudaStream_t stream) {
  constexpr int batches = 33, of_them_warm_up = 3, launches = 500;
  EventPair events;
  std::vector<double> times;
  for (int batch = 0; batch < batches; ++batch) {
    events.start(stream);
    for (int i = 0; i < launches; ++i) launch_empty(stream);
    events.stop(stream);
    require_cuda(cudaStreamSynchronize(stream), "waiting for empty kernels");
    if (batch >= of_them_warm_up) times.push_back(events.microseconds() / launches);
  }
  return median(std::move(times));
}

ChainTimes chain_us(cudaStream_t stream) {
  // Fewer commands than the driver's queue holds, all of them queued while the stream is held.
  constexpr int length = 200;
  constexpr double held_us = 20'000;
  const CuptiLibrary cupti;
  DeviceArray<ClockStamp> row(1);
  DeviceArray<unsigned> value(std::vector<unsigned>{0});
  ActivityTrace trace(cupti);
  const auto queue = [&](double held) {
    hold_stream(held, stream);
    stamp_clocks(row.data(), 1, 1, stream);
    for (int i = 0; i < length; ++i) launch_short(value.data(), stream);
  };
  queue(0);  // loads the kernels
  trace.restart();
  queue(held_us);
  return chain_times(trace.take());
}

}  // namespace

LaunchOverhead measure_launch_overhead() {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  const OwnStream stream;
  LaunchOverhead overhead{.empty_us = empty_us(stream.get()),
                          .start_to_start_us = unknown,
                          .short_us = unknown,
                          .no_chain = {}};
  try {
    const ChainTimes chain = chain_us(stream.get());
    overhead.start_to_start_us = chain.start_to_start_us;
    overhead.short_us = chain.kernel_us;
  } catch (const std::runtime_error& error) {  // also Unavailable
    overhead.no_chain = error.what();
  }
  return overhead;
}

}  // namespace fleetwright::gpu
