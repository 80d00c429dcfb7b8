#include "profiles/gpu/timing/launch_batch.hpp"

#include <chrono>
#include <span>

#include "profiles/gpu/timing/clock_probe.hpp"
#include "profiles/gpu/timing/current_device.hpp"

namespace fleetwright::gpu {
namespace {

// SMs are numbered from 0, with gaps on parts with SMs switched off; none has as many as this.
constexpr unsigned row_size = 256;
constexpr std::size_t most_rows = 1 + 2 * LaunchBatch::most_launches;

}  // namespace

LaunchBatch::LaunchBatch()
    : multiprocessors_(multiprocessors()),
      flush_(l2_bytes()),
      events_(most_launches),
      stamps_(most_rows * row_size) {}

void LaunchBatch::mark(int row) {
  stamp_clocks(stamps_.data() + static_cast<std::size_t>(row) * row_size, row_size,
               multiprocessors_, stream_.get());
}

BatchTimes LaunchBatch::run(Workload& workload, int launches, bool cold, double hold_us,
                            const std::function<void()>& meanwhile) {
  using Clock = std::chrono::steady_clock;
  using Microseconds = std::chrono::duration<double, std::micro>;
  device_fill(stamps_.data(), 0, stamps_.bytes(), stream_.get());
  mark(0);
  hold_stream(hold_us, stream_.get());
  const auto start = Clock::now();
  for (int i = 0; i < launches; ++i) {
    EventPair& events = events_[static_cast<std::size_t>(i)];
    if (cold) flush_.queue(stream_.get());
    mark(1 + 2 * i);
    events.start(stream_.get());
    workload.launch(stream_.get());
    events.stop(stream_.get());
    mark(2 + 2 * i);
  }
  const Microseconds queued = Clock::now() - start;
  if (meanwhile) meanwhile();
  require_cuda(cudaStreamSynchronize(stream_.get()), "waiting for a launch");

  const std::size_t rows = 1 + 2 * static_cast<std::size_t>(launches);
  std::vector<ClockStamp> stamps(rows * row_size);
  download(stamps.data(), stamps_.data(), stamps.size() * sizeof(ClockStamp));
  const std::span all(stamps);
  const auto first = all.subspan(row_size, row_size), last = all.last(row_size);
  BatchTimes times;
  times.clocks_mhz = launch_clocks(all, row_size);
  times.clock_mhz = clock_mhz(first, last);
  times.queue_us = queued.count() / launches;
  times.run_us = elapsed_us(first, last) / launches;
  for (int i = 0; i < launches; ++i) {
    times.event_us.push_back(events_[static_cast<std::size_t>(i)].microseconds());
  }
  return times;
}

}  // namespace fleetwright::gpu
