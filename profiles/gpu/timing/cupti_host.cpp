#include "profiles/gpu/timing/cupti_host.hpp"

#include <utility>

namespace fleetwright::gpu {
namespace {

// CUPTI reads names through pointers that are not to const.
std::vector<const char*> names_of(std::span<const char* const> metrics) {
  return {metrics.begin(), metrics.end()};
}

}  // namespace

CuptiHost::CuptiHost(const CuptiLibrary& cupti, const std::string& chip,
                     std::vector<std::uint8_t> availability)
    : cupti_(cupti), availability_(std::move(availability)) {
  CUpti_Profiler_Host_Initialize_Params start{};
  start.structSize = CUpti_Profiler_Host_Initialize_Params_STRUCT_SIZE;
  start.profilerType = CUPTI_PROFILER_TYPE_RANGE_PROFILER;
  start.pChipName = chip.c_str();
  start.pCounterAvailabilityImage = availability_.empty() ? nullptr : availability_.data();
  cupti_.require(cupti_.cuptiProfilerHostInitialize(&start), "cuptiProfilerHostInitialize");
  host_ = start.pHostObject;
}

CuptiHost::~CuptiHost() {
  CUpti_Profiler_Host_Deinitialize_Params stop{};
  stop.structSize = CUpti_Profiler_Host_Deinitialize_Params_STRUCT_SIZE;
  stop.pHostObject = host_;
  cupti_.cuptiProfilerHostDeinitialize(&stop);
}

std::vector<std::uint8_t> CuptiHost::configure(std::span<const char* const> metrics) {
  std::vector<const char*> names = names_of(metrics);
  CUpti_Profiler_Host_ConfigAddMetrics_Params add{};
  add.structSize = CUpti_Profiler_Host_ConfigAddMetrics_Params_STRUCT_SIZE;
  add.pHostObject = host_;
  add.ppMetricNames = names.data();
  add.numMetrics = names.size();
  cupti_.require(cupti_.cuptiProfilerHostConfigAddMetrics(&add),
                 "cuptiProfilerHostConfigAddMetrics");
  CUpti_Profiler_Host_GetConfigImageSize_Params size{};
  size.structSize = CUpti_Profiler_Host_GetConfigImageSize_Params_STRUCT_SIZE;
  size.pHostObject = host_;
  cupti_.require(cupti_.cuptiProfilerHostGetConfigImageSize(&size),
                 "cuptiProfilerHostGetConfigImageSize");
  std::vector<std::uint8_t> image(size.configImageSize);
  CUpti_Profiler_Host_GetConfigImage_Params get{};
  get.structSize = CUpti_Profiler_Host_GetConfigImage_Params_STRUCT_SIZE;
  get.pHostObject = host_;
  get.configImageSize = image.size();
  get.pConfigImage = image.data();
  cupti_.require(cupti_.cuptiProfilerHostGetConfigImage(&get), "cuptiProfilerHostGetConfigImage");
  return image;
}

std::size_t CuptiHost::passes(std::vector<std::uint8_t>& config) const {
  CUpti_Profiler_Host_GetNumOfPasses_Params count{};
  count.structSize = CUpti_Profiler_Host_GetNumOfPasses_Params_STRUCT_SIZE;
  count.configImageSize = config.size();
  count.pConfigImage = config.data();
  cupti_.require(cupti_.cuptiProfilerHostGetNumOfPasses(&count), "cuptiProfilerHostGetNumOfPasses");
  return count.numOfPasses;
}

std::vector<double> CuptiHost::evaluate(const std::vector<std::uint8_t>& counts,
                                        std::span<const char* const> metrics) const {
  std::vector<const char*> names = names_of(metrics);
  std::vector<double> values(names.size());
  CUpti_Profiler_Host_EvaluateToGpuValues_Params evaluate{};
  evaluate.structSize = CUpti_Profiler_Host_EvaluateToGpuValues_Params_STRUCT_SIZE;
  evaluate.pHostObject = host_;
  evaluate.pCounterDataImage = counts.data();
  evaluate.counterDataImageSize = counts.size();
  evaluate.rangeIndex = 0;
  evaluate.ppMetricNames = names.data();
  evaluate.numMetrics = names.size();
  evaluate.pMetricValues = values.data();
  cupti_.require(cupti_.cuptiProfilerHostEvaluateToGpuValues(&evaluate),
                 "cuptiProfilerHostEvaluateToGpuValues");
  return values;
}

}  // namespace fleetwright::gpu
