#include "gui/models/trace_reader.hpp"

#include <gtest/gtest.h>

namespace fleetwright::gui {
namespace {

constexpr const char* small_trace = R"({"displayTimeUnit":"ms","traceEvents":[
{"ph":"M","name":"thread_name","pid":1,"tid":0,"args":{"name":"compute"}},
{"ph":"X","name":"late","cat":"forward","pid":1,"tid":0,"ts":30,"dur":10,"args":{"stage":1,"micro_batch":2,"layer":3}},
{"ph":"X","name":"early","cat":"backward","pid":1,"tid":0,"ts":10.5,"dur":5,"args":{}},
{"ph":"X","name":"ea\"rly\u00e9","cat":"backward","pid":0,"tid":2,"ts":0,"dur":1e3,"args":{"x":[1,{"y":null}]}},
{"ph":"C","name":"activations","pid":1,"ts":4,"args":{"bytes":17}},
{"ph":"s","name":"send","id":0,"pid":1,"tid":0,"ts":3}
]})";

TEST(TraceReader, SortsSpansIntoLanes) {
  const TraceResult result = read_trace(small_trace);
  ASSERT_TRUE(result.trace) << result.error.toStdString();
  const Trace& trace = *result.trace;
  ASSERT_EQ(trace.lanes.size(), 2U);
  EXPECT_EQ(trace.lanes[0].rank, 0);
  EXPECT_EQ(trace.lanes[1].title, "compute");
  ASSERT_EQ(trace.lanes[1].spans.size(), 2U);
  EXPECT_EQ(trace.names[trace.lanes[1].spans[0].name], "early");
  EXPECT_DOUBLE_EQ(trace.lanes[1].spans[1].start, 30e-6);
  EXPECT_EQ(trace.lanes[1].spans[1].micro_batch, 2);
  EXPECT_EQ(trace.names[trace.lanes[0].spans[0].name], QString::fromUtf8("ea\"rly\u00e9"));
  EXPECT_DOUBLE_EQ(trace.end, 1e-3);
  EXPECT_EQ(trace.ranks(), 2);
  ASSERT_EQ(trace.memory.size(), 1U);
  EXPECT_EQ(trace.memory[0].samples[0].y(), 17);
}

TEST(TraceReader, TakesABareArrayToo) {
  EXPECT_TRUE(
      read_trace(R"([{"ph":"X","name":"a","cat":"b","pid":0,"tid":0,"ts":0,"dur":1}])").trace);
}

TEST(TraceReader, SaysWhereATraceIsWrong) {
  for (const char* text :
       {"", "{", "[{]", R"([{"pid":1e66}])", R"([{"ph":"X","args":{"layer":-3e9}}])",
        R"([{"ts":inf}])", "{\"traceEvents\":[{\"ts\":1.", "null", "{\"other\":1}"}) {
    const TraceResult result = read_trace(text);
    EXPECT_FALSE(result.trace) << text;
    EXPECT_TRUE(result.error.contains("at byte")) << text;
  }
  EXPECT_FALSE(read_trace(std::string(100'000, '[')).trace);
  EXPECT_FALSE(read_trace_file("/no/such/file").error.isEmpty());
}

TEST(TimeByName, CountsOnlyWhatIsSeen) {
  const TraceResult result = read_trace(small_trace);
  ASSERT_TRUE(result.trace);
  const auto shares = time_by_name(*result.trace, 12e-6, 35e-6);
  ASSERT_EQ(shares.size(), 3U);
  EXPECT_NEAR(shares[0].seconds, 23e-6, 1e-12);
  EXPECT_NEAR(shares[1].seconds, 5e-6, 1e-12);
  EXPECT_NEAR(shares[2].seconds, 3.5e-6, 1e-12);
}

}  // namespace
}  // namespace fleetwright::gui
