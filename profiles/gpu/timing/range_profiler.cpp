#include "profiles/gpu/timing/range_profiler.hpp"

#include <fmt/core.h>

namespace fleetwright::gpu {
namespace {

// Every structure of the profiler begins with its size and names the profiler.
template <typename Params>
Params params_of(std::size_t size, CUpti_RangeProfiler_Object* profiler) {
  Params params{};
  params.structSize = size;
  params.pRangeProfilerObject = profiler;
  return params;
}
#define FLEETWRIGHT_PARAMS(name) params_of<name>(name##_STRUCT_SIZE, profiler_)

}  // namespace

RangeProfiler::RangeProfiler(const CuptiLibrary& cupti, CUcontext context) : cupti_(cupti) {
  auto enable = FLEETWRIGHT_PARAMS(CUpti_RangeProfiler_Enable_Params);
  enable.ctx = context;
  cupti_.require(cupti_.cuptiRangeProfilerEnable(&enable), "cuptiRangeProfilerEnable");
  profiler_ = enable.pRangeProfilerObject;
}

RangeProfiler::~RangeProfiler() {
  auto disable = FLEETWRIGHT_PARAMS(CUpti_RangeProfiler_Disable_Params);
  cupti_.cuptiRangeProfilerDisable(&disable);
}

std::vector<std::uint8_t> RangeProfiler::counts_image(std::span<const char* const> metrics) {
  std::vector<const char*> names(metrics.begin(), metrics.end());
  auto size = FLEETWRIGHT_PARAMS(CUpti_RangeProfiler_GetCounterDataSize_Params);
  size.pMetricNames = names.data();
  size.numMetrics = names.size();
  size.maxNumOfRanges = 1;
  size.maxNumRangeTreeNodes = 1;  // at least as many as ranges
  cupti_.require(cupti_.cuptiRangeProfilerGetCounterDataSize(&size),
                 "cuptiRangeProfilerGetCounterDataSize");
  std::vector<std::uint8_t> counts(size.counterDataSize);
  auto start = FLEETWRIGHT_PARAMS(CUpti_RangeProfiler_CounterDataImage_Initialize_Params);
  start.counterDataSize = counts.size();
  start.pCounterData = counts.data();
  cupti_.require(cupti_.cuptiRangeProfilerCounterDataImageInitialize(&start),
                 "cuptiRangeProfilerCounterDataImageInitialize");
  return counts;
}

// One range, not nested, repeated by us.
void RangeProfiler::configure(const std::vector<std::uint8_t>& config,
                              std::vector<std::uint8_t>& counts) {
  auto set = FLEETWRIGHT_PARAMS(CUpti_RangeProfiler_SetConfig_Params);
  set.configSize = config.size();
  set.pConfig = config.data();
  set.counterDataImageSize = counts.size();
  set.pCounterDataImage = counts.data();
  set.range = CUPTI_UserRange;
  set.replayMode = CUPTI_UserReplay;
  set.maxRangesPerPass = 1;
  set.numNestingLevels = 1;
  set.minNestingLevel = 1;
  set.passIndex = 0;
  set.targetNestingLevel = 1;
  cupti_.require(cupti_.cuptiRangeProfilerSetConfig(&set), "cuptiRangeProfilerSetConfig");
}

bool RangeProfiler::run_pass(const std::function<void()>& work) {
  auto start = FLEETWRIGHT_PARAMS(CUpti_RangeProfiler_Start_Params);
  cupti_.require(cupti_.cuptiRangeProfilerStart(&start), "cuptiRangeProfilerStart");
  auto push = FLEETWRIGHT_PARAMS(CUpti_RangeProfiler_PushRange_Params);
  push.pRangeName = "launch";
  cupti_.require(cupti_.cuptiRangeProfilerPushRange(&push), "cuptiRangeProfilerPushRange");
  work();
  auto pop = FLEETWRIGHT_PARAMS(CUpti_RangeProfiler_PopRange_Params);
  cupti_.require(cupti_.cuptiRangeProfilerPopRange(&pop), "cuptiRangeProfilerPopRange");
  auto stop = FLEETWRIGHT_PARAMS(CUpti_RangeProfiler_Stop_Params);
  cupti_.require(cupti_.cuptiRangeProfilerStop(&stop), "cuptiRangeProfilerStop");
  return stop.isAllPassSubmitted != 0;
}

void RangeProfiler::decode(const std::vector<std::uint8_t>& counts) {
  auto decode = FLEETWRIGHT_PARAMS(CUpti_RangeProfiler_DecodeData_Params);
  cupti_.require(cupti_.cuptiRangeProfilerDecodeData(&decode), "cuptiRangeProfilerDecodeData");
  CUpti_RangeProfiler_GetCounterDataInfo_Params info{};
  info.structSize = CUpti_RangeProfiler_GetCounterDataInfo_Params_STRUCT_SIZE;
  info.pCounterDataImage = counts.data();
  info.counterDataImageSize = counts.size();
  cupti_.require(cupti_.cuptiRangeProfilerGetCounterDataInfo(&info),
                 "cuptiRangeProfilerGetCounterDataInfo");
  if (decode.numOfRangeDropped > 0 || info.numTotalRanges != 1) {
    throw Error(fmt::format("CUPTI counted {} ranges and dropped {}, 1 was to be counted",
                            info.numTotalRanges, decode.numOfRangeDropped));
  }
}

std::vector<std::uint8_t> RangeProfiler::count(const std::vector<std::uint8_t>& config,
                                               std::span<const char* const> metrics,
                                               const std::function<void()>& before,
                                               const std::function<void()>& work) {
  constexpr int most_passes = 64;
  std::vector<std::uint8_t> counts = counts_image(metrics);
  configure(config, counts);
  bool all = false;
  for (int pass = 0; !all; ++pass) {
    if (pass == most_passes) throw Error("CUPTI does not come to an end with its passes");
    before();
    all = run_pass(work);
  }
  decode(counts);
  return counts;
}

#undef FLEETWRIGHT_PARAMS

}  // namespace fleetwright::gpu
