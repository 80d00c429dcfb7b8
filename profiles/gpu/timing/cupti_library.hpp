#pragma once

#include <cupti.h>
#include <cupti_profiler_host.h>
#include <cupti_profiler_target.h>
#include <cupti_range_profiler.h>
#include <cupti_target.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "models/core/error.hpp"

namespace fleetwright::gpu {

// What is used of CUPTI: records of what ran, then counters.
#define FLEETWRIGHT_CUPTI_FUNCTIONS(X)            \
  X(cuptiGetVersion)                              \
  X(cuptiGetResultString)                         \
  X(cuptiActivityRegisterCallbacks)               \
  X(cuptiActivityEnable)                          \
  X(cuptiActivityDisable)                         \
  X(cuptiActivityFlushAll)                        \
  X(cuptiActivityGetNextRecord)                   \
  X(cuptiActivityGetNumDroppedRecords)            \
  X(cuptiProfilerInitialize)                      \
  X(cuptiProfilerDeviceSupported)                 \
  X(cuptiProfilerGetCounterAvailability)          \
  X(cuptiDeviceGetChipName)                       \
  X(cuptiProfilerHostInitialize)                  \
  X(cuptiProfilerHostDeinitialize)                \
  X(cuptiProfilerHostConfigAddMetrics)            \
  X(cuptiProfilerHostGetConfigImageSize)          \
  X(cuptiProfilerHostGetConfigImage)              \
  X(cuptiProfilerHostGetNumOfPasses)              \
  X(cuptiProfilerHostEvaluateToGpuValues)         \
  X(cuptiRangeProfilerEnable)                     \
  X(cuptiRangeProfilerDisable)                    \
  X(cuptiRangeProfilerGetCounterDataSize)         \
  X(cuptiRangeProfilerCounterDataImageInitialize) \
  X(cuptiRangeProfilerSetConfig)                  \
  X(cuptiRangeProfilerStart)                      \
  X(cuptiRangeProfilerStop)                       \
  X(cuptiRangeProfilerPushRange)                  \
  X(cuptiRangeProfilerPopRange)                   \
  X(cuptiRangeProfilerDecodeData)                 \
  X(cuptiRangeProfilerGetCounterDataInfo)

/// A call of CUPTI that failed.
class CuptiError : public Error {
 public:
  CuptiError(const std::string& text, CUptiResult result) : Error(text), result_(result) {}
  [[nodiscard]] CUptiResult result() const { return result_; }

 private:
  CUptiResult result_;
};

/// NVIDIA's profiling library, loaded at run time: a program that links it does not start where it
/// is missing. Its functions are members of their own names.
class CuptiLibrary {
 public:
  /// Throws Unavailable: not found, of another major version than the headers of this build, or
  /// without one of the functions.
  CuptiLibrary();

  // NOLINTBEGIN(readability-identifier-naming): CUPTI's names
#define FLEETWRIGHT_CUPTI_MEMBER(function) decltype(&::function) function = nullptr;
  FLEETWRIGHT_CUPTI_FUNCTIONS(FLEETWRIGHT_CUPTI_MEMBER)
#undef FLEETWRIGHT_CUPTI_MEMBER
  // NOLINTEND(readability-identifier-naming)

  [[nodiscard]] std::uint32_t version() const { return version_; }
  /// CUPTI_ERROR_INVALID_METRIC_NAME (17)
  [[nodiscard]] std::string text(CUptiResult result) const;
  /// Throws CuptiError unless the call went well.
  void require(CUptiResult result, std::string_view what) const;

 private:
  std::uint32_t version_ = 0;
};

/// 130001 as "13.0.1".
[[nodiscard]] std::string cupti_version(std::uint32_t version);

/// Why a CUPTI of that version cannot be used with headers of this one; empty if it can.
[[nodiscard]] std::string cupti_version_problem(std::uint32_t version, std::uint32_t header);

}  // namespace fleetwright::gpu
