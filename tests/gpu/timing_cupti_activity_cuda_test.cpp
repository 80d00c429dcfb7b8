#include <gtest/gtest.h>

#include <memory>

#include "profiles/gpu/timing/clock_probe.hpp"
#include "profiles/gpu/timing/cupti_activity.hpp"

namespace fleetwright::gpu {
namespace {

// The record of an activity that ran from 100 to 250 ns for the call 7.
template <typename Activity>
ActivityRecord record_of(CUpti_ActivityKind kind, const char* name = nullptr) {
  Activity activity{};
  activity.kind = kind;
  activity.start = 100;
  activity.end = 250;
  activity.correlationId = 7;
  if constexpr (requires { activity.name; }) activity.name = name;
  ActivityRecord record;
  EXPECT_TRUE(to_record(reinterpret_cast<const CUpti_Activity&>(activity), record));
  EXPECT_EQ(record.start_ns, 100U);
  EXPECT_EQ(record.end_ns, 250U);
  EXPECT_EQ(record.correlation, 7U);
  return record;
}

TEST(ActivityRecord, IsMadeOfKernelsCopiesAndFills) {
  EXPECT_FALSE(record_of<CUpti_ActivityKernel10>(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL,
                                                 "_Z13add_one_kernelPj")
                   .mark);
  EXPECT_FALSE(record_of<CUpti_ActivityKernel10>(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL).mark);
  EXPECT_FALSE(record_of<CUpti_ActivityMemcpy6>(CUPTI_ACTIVITY_KIND_MEMCPY).mark);
  EXPECT_FALSE(record_of<CUpti_ActivityMemset4>(CUPTI_ACTIVITY_KIND_MEMSET).mark);
}

TEST(ActivityRecord, OfOurStampIsAMark) {
  EXPECT_TRUE(
      record_of<CUpti_ActivityKernel10>(CUPTI_ACTIVITY_KIND_CONCURRENT_KERNEL, mark_name).mark);
}

TEST(ActivityRecord, IsNotMadeOfOtherActivities) {
  CUpti_Activity overhead{};
  overhead.kind = CUPTI_ACTIVITY_KIND_OVERHEAD;
  ActivityRecord record;
  EXPECT_FALSE(to_record(overhead, record));
}

}  // namespace
}  // namespace fleetwright::gpu
