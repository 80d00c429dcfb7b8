#include "profiles/gpu/timing/gpu_timer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "profiles/gpu/timing/clock_probe.hpp"
#include "profiles/gpu/timing/cupti_activity.hpp"
#include "profiles/gpu/timing/current_device.hpp"
#include "profiles/gpu/timing/gpu_info.hpp"
#include "profiles/gpu/timing/launch_batch.hpp"
#include "profiles/gpu/timing/throttling.hpp"
#include "profiles/gpu/timing/warm_up_rule.hpp"

namespace fleetwright::gpu {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Some surroundings let CUPTI start and then give no records.
void require_records(const CuptiLibrary& cupti) {
  ActivityTrace trace(cupti);
  trace.restart();
  DeviceArray<ClockStamp> row(1);
  stamp_clocks(row.data(), 1, 1, nullptr);
  const std::vector<ActivityRecord> records = trace.take();
  if (!std::ranges::any_of(records, &ActivityRecord::mark)) {
    throw Unavailable("CUPTI records no kernels here");
  }
}

}  // namespace

/// Runs batches of launches on a GPU that it keeps warm.
class GpuTimer::Batches {
 public:
  explicit Batches(const WarmUp& warm_up) : warm_up_(warm_up) {
    try {
      auto cupti = std::make_unique<CuptiLibrary>();
      require_records(*cupti);
      cupti_ = std::move(cupti);
    } catch (const std::runtime_error& error) {  // also Unavailable
      no_cupti_ = error.what();
    }
    try {
      nvml_ = std::make_unique<Nvml>(pci_bus_id());
    } catch (const Unavailable& error) {
      no_nvml_ = error.what();
    }
  }

  std::vector<Sample> sample(Workload& workload, int count, bool cold) {
    activity_.clear();
    device_synchronize();  // operands may have been made on other streams
    std::optional<ActivityTrace> trace;
    if (cupti_ != nullptr) trace.emplace(*cupti_);
    warm_up(workload, cold);
    std::vector<Sample> samples;
    while (static_cast<int>(samples.size()) < count) {
      const int launches =
          std::min(count - static_cast<int>(samples.size()), LaunchBatch::most_launches);
      add_batch(samples, workload, launches, cold, trace);
    }
    trace.reset();  // takes its time
    last_end_ = Clock::now();
    return samples;
  }

  [[nodiscard]] std::string describe() const {
    return fmt::format(
        "{}; CUDA events; SM clock by clock64; throttling by {}",
        cupti_ != nullptr ? fmt::format("CUPTI {} records", cupti_version(cupti_->version()))
                          : fmt::format("no CUPTI records ({})", no_cupti_),
        nvml_ != nullptr ? "NVML and the clock" : fmt::format("the clock alone ({})", no_nvml_));
  }
  [[nodiscard]] const std::vector<LaunchActivity>& activity() const { return activity_; }
  [[nodiscard]] const std::optional<BoardState>& board() const { return board_; }

 private:
  // Repeats the workload as it will be timed. What was sampled a moment ago is known to be warm and
  // needs the load back, no more; that it runs as before tells it from another at its address.
  void warm_up(Workload& workload, bool cold) {
    constexpr double forgotten_s = 0.2, same_pace = 0.2, batch_us = 30'000;
    bool known = warm_ == &workload && warm_cold_ == cold && seconds_since(last_end_) < forgotten_s;
    const double pace_before = pace_.run_us;
    pace_ = {};
    WarmUpRule rule(warm_up_.settled_s, warm_up_.limit_s);
    const auto start = Clock::now();
    bool warm = false;
    for (int batch = 0; !warm; ++batch) {
      const double fit = pace_.run_us > 0 ? batch_us / pace_.run_us : 1;
      const int launches = std::clamp(static_cast<int>(fit), 1, LaunchBatch::most_launches);
      pace_ = batch_.run(workload, launches, cold, hold_us(launches, pace_.queue_us, pace_.run_us));
      if (batch > 0 && std::abs(pace_.run_us - pace_before) > same_pace * pace_before) {
        known = false;
      }
      const double seconds = seconds_since(start);
      const bool settled = rule.settled(seconds, pace_.clock_mhz);
      warm = known ? batch > 0 && seconds >= warm_up_.refresh_s : settled;
    }
    if (!known) sustained_mhz_ = rule.clock_mhz();
    warm_ = &workload;
    warm_cold_ = cold;
  }

  void add_batch(std::vector<Sample>& samples, Workload& workload, int launches, bool cold,
                 std::optional<ActivityTrace>& trace) {
    if (trace) trace->restart();
    const BatchTimes times =
        batch_.run(workload, launches, cold, hold_us(launches, pace_.queue_us, pace_.run_us), [&] {
          if (nvml_ != nullptr) board_ = nvml_->state();
        });
    std::vector<LaunchActivity> activity;
    if (trace) activity = attribute(trace->take(), launches);
    const std::uint64_t reasons = board_ ? board_->clock_reasons.value_or(0) : 0;
    for (std::size_t i = 0; i < times.event_us.size(); ++i) {
      const double clock = times.clocks_mhz[i];
      samples.push_back(
          {.kernel_us = trace ? activity[i].span_us : std::numeric_limits<double>::quiet_NaN(),
           .event_us = times.event_us[i],
           .clock_mhz = clock,
           .throttled = is_throttled(reasons, clock, sustained_mhz_)});
    }
    activity_.insert(activity_.end(), activity.begin(), activity.end());
  }

  WarmUp warm_up_;
  std::unique_ptr<CuptiLibrary> cupti_;
  std::unique_ptr<Nvml> nvml_;
  std::string no_cupti_;
  std::string no_nvml_;
  LaunchBatch batch_;
  std::vector<LaunchActivity> activity_;
  std::optional<BoardState> board_;

  const Workload* warm_ = nullptr;
  bool warm_cold_ = false;
  Clock::time_point last_end_;
  BatchTimes pace_;  // of the last batch
  double sustained_mhz_ = std::numeric_limits<double>::quiet_NaN();
};

GpuTimer::GpuTimer(const WarmUp& warm_up) {
  if (const std::string problem = gpu_problem(); !problem.empty()) throw Error(problem);
  batches_ = std::make_unique<Batches>(warm_up);
}

GpuTimer::~GpuTimer() = default;

std::vector<Sample> GpuTimer::sample(Workload& workload, int count, bool cold) {
  return batches_->sample(workload, count, cold);
}

std::string GpuTimer::describe() const { return batches_->describe(); }

const std::vector<LaunchActivity>& GpuTimer::last_activity() const { return batches_->activity(); }

const std::optional<BoardState>& GpuTimer::last_board() const { return batches_->board(); }

}  // namespace fleetwright::gpu
