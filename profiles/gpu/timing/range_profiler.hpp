#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "profiles/gpu/timing/cupti_library.hpp"
#include "profiles/gpu/timing/profiling_turn.hpp"

namespace fleetwright::gpu {

/// CUPTI's range profiler on the current context, on while it lives: the half that needs a GPU.
class RangeProfiler {
 public:
  /// The library must outlive it. Throws CuptiError, with CUPTI_ERROR_INSUFFICIENT_PRIVILEGES where
  /// the driver keeps the counters to administrators.
  RangeProfiler(const CuptiLibrary& cupti, CUcontext context);
  RangeProfiler(const RangeProfiler&) = delete;
  RangeProfiler& operator=(const RangeProfiler&) = delete;
  ~RangeProfiler();

  /// Calls `before` outside and `work` inside a range, as often as the metrics need passes; both
  /// must leave the GPU idle. The counts, for CuptiHost::evaluate.
  [[nodiscard]] std::vector<std::uint8_t> count(const std::vector<std::uint8_t>& config,
                                                std::span<const char* const> metrics,
                                                const std::function<void()>& before,
                                                const std::function<void()>& work);

 private:
  [[nodiscard]] std::vector<std::uint8_t> counts_image(std::span<const char* const> metrics);
  void configure(const std::vector<std::uint8_t>& config, std::vector<std::uint8_t>& counts);
  [[nodiscard]] bool run_pass(const std::function<void()>& work);
  void decode(const std::vector<std::uint8_t>& counts);

  const CuptiLibrary& cupti_;
  ProfilingTurn turn_{"the GPU's counters"};
  CUpti_RangeProfiler_Object* profiler_ = nullptr;
};

}  // namespace fleetwright::gpu
