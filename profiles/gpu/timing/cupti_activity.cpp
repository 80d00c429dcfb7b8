#include "profiles/gpu/timing/cupti_activity.hpp"

#include <fmt/core.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>

#include "models/core/error.hpp"
#include "profiles/gpu/timing/clock_probe.hpp"

namespace fleetwright::gpu {
namespace {

// CONCURRENT_KERNEL rather than KERNEL, which would make kernels wait for one another.
constexpr std::array<CUpti_ActivityKind, 3> kinds = {
    CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL, CUPTI_ACTIVITY_KIND_MEMCPY, CUPTI_ACTIVITY_KIND_MEMSET};

/// Where CUPTI's threads leave the records. CUPTI calls back without a context of ours, and may do
/// so until the program ends.
struct Inbox {
  std::mutex mutex;
  const CuptiLibrary* cupti = nullptr;
  std::vector<ActivityRecord> records;
};

Inbox& inbox() {
  static Inbox* const instance = new Inbox;  // outlives CUPTI's threads
  return *instance;
}

template <typename Activity>
void copy_times(const CUpti_Activity& activity, ActivityRecord& record) {
  const auto& of_kind = reinterpret_cast<const Activity&>(activity);
  record.start_ns = of_kind.start;
  record.end_ns = of_kind.end;
  record.correlation = of_kind.correlationId;
}

void CUPTIAPI give_buffer(std::uint8_t** buffer, std::size_t* size, std::size_t* most_records) {
  constexpr std::size_t bytes = 4 << 20;
  *buffer = static_cast<std::uint8_t*>(std::malloc(bytes));
  *size = *buffer == nullptr ? 0 : bytes;
  *most_records = 0;  // as many as fit
}

void CUPTIAPI take_buffer(CUcontext, std::uint32_t, std::uint8_t* buffer, std::size_t,
                          std::size_t valid) {
  Inbox& box = inbox();
  const std::lock_guard lock(box.mutex);
  CUpti_Activity* activity = nullptr;
  while (box.cupti != nullptr && valid > 0 &&
         box.cupti->cuptiActivityGetNextRecord(buffer, valid, &activity) == CUPTI_SUCCESS) {
    ActivityRecord record;
    if (to_record(*activity, record)) box.records.push_back(record);
  }
  std::free(buffer);
}

}  // namespace

bool to_record(const CUpti_Activity& activity, ActivityRecord& record) {
  switch (activity.kind) {
    case CUPTI_ACTIVITY_KIND_KERNEL:
    case CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL: {
      copy_times<CUpti_ActivityKernel10>(activity, record);
      const char* name = reinterpret_cast<const CUpti_ActivityKernel10&>(activity).name;
      record.mark = name != nullptr && std::strcmp(name, mark_name) == 0;
      return true;
    }
    case CUPTI_ACTIVITY_KIND_MEMCPY:
      copy_times<CUpti_ActivityMemcpy6>(activity, record);
      return true;
    case CUPTI_ACTIVITY_KIND_MEMSET:
      copy_times<CUpti_ActivityMemset4>(activity, record);
      return true;
    default:
      return false;
  }
}

ActivityTrace::ActivityTrace(const CuptiLibrary& cupti) : cupti_(cupti) {
  {
    const std::lock_guard lock(inbox().mutex);
    inbox().cupti = &cupti;
    inbox().records.clear();
  }
  cupti_.require(cupti_.cuptiActivityRegisterCallbacks(give_buffer, take_buffer),
                 "cuptiActivityRegisterCallbacks");
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const CUptiResult result = cupti_.cuptiActivityEnable(kinds[i]);
    if (result == CUPTI_SUCCESS) continue;
    while (i > 0) cupti_.cuptiActivityDisable(kinds[--i]);
    cupti_.require(result, "cuptiActivityEnable");
  }
}

ActivityTrace::~ActivityTrace() {
  for (const CUpti_ActivityKind kind : kinds) cupti_.cuptiActivityDisable(kind);
  cupti_.cuptiActivityFlushAll(CUPTI_ACTIVITY_FLAG_FLUSH_FORCED);
  const std::lock_guard lock(inbox().mutex);
  inbox().cupti = nullptr;
  inbox().records.clear();
}

void ActivityTrace::flush() {
  device_synchronize();
  cupti_.require(cupti_.cuptiActivityFlushAll(0), "cuptiActivityFlushAll");
}

void ActivityTrace::restart() {
  flush();
  std::size_t dropped = 0;  // asking sets the count to zero
  cupti_.cuptiActivityGetNumDroppedRecords(nullptr, 0, &dropped);
  const std::lock_guard lock(inbox().mutex);
  inbox().records.clear();
}

std::vector<ActivityRecord> ActivityTrace::take() {
  flush();
  std::size_t dropped = 0;
  cupti_.require(cupti_.cuptiActivityGetNumDroppedRecords(nullptr, 0, &dropped),
                 "cuptiActivityGetNumDroppedRecords");
  if (dropped > 0) throw Error(fmt::format("CUPTI dropped {} activity records", dropped));
  const std::lock_guard lock(inbox().mutex);
  return std::exchange(inbox().records, {});
}

}  // namespace fleetwright::gpu
