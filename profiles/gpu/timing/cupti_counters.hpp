#pragma once

#include <memory>
#include <optional>
#include <string>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/timing/counters.hpp"

namespace fleetwright::gpu {

/// Counts what a launch does, by CUPTI's range profiler. Whether that is possible and permitted is
/// asked once, at the start.
class CuptiCounters {
 public:
  CuptiCounters();
  CuptiCounters(const CuptiCounters&) = delete;
  CuptiCounters& operator=(const CuptiCounters&) = delete;
  ~CuptiCounters();

  /// In one line why nothing can be counted; empty if it can.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Nothing if there is a problem. Throws Error if counting fails, also while a Timer samples.
  [[nodiscard]] std::optional<Counters> count(Workload& workload);

 private:
  struct Device;
  std::unique_ptr<Device> device_;
  std::string problem_;
};

/// What to tell the user of a result of CUPTI's (a CUptiResult) that keeps counters from being
/// read; `text` is CUPTI's own.
[[nodiscard]] std::string counters_problem(int result, const std::string& text);

}  // namespace fleetwright::gpu
