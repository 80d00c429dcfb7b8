#include "planner/output/trace_json.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace fleetwright {
namespace {

constexpr std::array lanes{LaneKind::compute, LaneKind::collective, LaneKind::pipeline,
                           LaneKind::data_parallel};

// Labels, lanes and activities are our own words: they need no escaping.
void write_names(std::back_insert_iterator<std::string> out, int ranks) {
  for (int rank = 0; rank < ranks; ++rank) {
    fmt::format_to(
        out,
        R"({{"ph":"M","name":"process_name","pid":{0},"args":{{"name":"pipeline rank {0}"}}}},)"
        "\n",
        rank);
    for (const LaneKind lane : lanes) {
      fmt::format_to(
          out,
          R"({{"ph":"M","name":"thread_name","pid":{},"tid":{},"args":{{"name":"{}"}}}},)"
          "\n",
          rank, static_cast<int>(lane), to_string(lane));
    }
  }
}

void write_argument(std::back_insert_iterator<std::string> out, const char* name, int value,
                    bool& first) {
  if (value < 0) return;
  fmt::format_to(out, R"({}"{}":{})", first ? "" : ",", name, value);
  first = false;
}

}  // namespace

std::string trace_json(const Trace& trace, int ranks) {
  std::string text = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n";
  const auto out = std::back_inserter(text);
  write_names(out, ranks);
  for (const TraceEvent& e : trace.events) {
    fmt::format_to(
        out,
        R"({{"ph":"X","name":"{}","cat":"{}","pid":{},"tid":{},"ts":{:.3f},"dur":{:.3f},"args":{{)",
        trace.labels[e.label], to_string(e.activity), e.rank, static_cast<int>(e.lane),
        e.start.si() * 1e6, e.duration.si() * 1e6);
    bool first = true;
    write_argument(out, "stage", e.stage, first);
    write_argument(out, "micro_batch", e.micro_batch, first);
    write_argument(out, "layer", e.layer, first);
    text += "}},\n";
  }
  for (const MemorySample& m : trace.memory) {
    fmt::format_to(
        out,
        R"({{"ph":"C","name":"activations","pid":{},"ts":{:.3f},"args":{{"bytes":{:.0f}}}}},)"
        "\n",
        m.rank, m.time.si() * 1e6, m.activations.si());
  }
  text.resize(text.size() - 2);  // the last comma
  return text + "\n]}\n";
}

}  // namespace fleetwright
