#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "profiles/gpu/timing/cupti_library.hpp"

namespace fleetwright::gpu {

/// The half of the range profiler that needs no GPU: from names of metrics to what the GPU is to
/// count, and from its counts to values.
class CuptiHost {
 public:
  /// `chip` as CUPTI names it, GH100. `availability`: what can be counted on the GPU at hand, empty
  /// to ask what the chip can count. The library must outlive this. Throws CuptiError.
  CuptiHost(const CuptiLibrary& cupti, const std::string& chip,
            std::vector<std::uint8_t> availability);
  CuptiHost(const CuptiHost&) = delete;
  CuptiHost& operator=(const CuptiHost&) = delete;
  ~CuptiHost();

  /// CUPTI's image of what to count for these metrics. To be called once.
  [[nodiscard]] std::vector<std::uint8_t> configure(std::span<const char* const> metrics);
  /// How often the work must be repeated to count it all.
  [[nodiscard]] std::size_t passes(std::vector<std::uint8_t>& config) const;
  /// The metrics of the first range of the counts.
  [[nodiscard]] std::vector<double> evaluate(const std::vector<std::uint8_t>& counts,
                                             std::span<const char* const> metrics) const;

 private:
  const CuptiLibrary& cupti_;
  std::vector<std::uint8_t> availability_;
  CUpti_Profiler_Host_Object* host_ = nullptr;
};

}  // namespace fleetwright::gpu
