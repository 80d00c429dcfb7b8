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

// Arrows bind to the slices that stand at their ends.
void write_arrows(std::back_insert_iterator<std::string> out, const Trace& trace) {
  for (std::size_t id = 0; id < trace.arrows.size(); ++id) {
    const TraceEvent& from = trace.events[trace.arrows[id].from];
    const TraceEvent& to = trace.events[trace.arrows[id].to];
    fmt::format_to(out,
                   R"({{"ph":"s","name":"{0}","cat":"hand over","id":{1},"pid":{2},"tid":{3},)"
                   R"("ts":{4:.3f}}},)"
                   "\n",
                   trace.labels[from.label], id, from.rank, static_cast<int>(from.lane),
                   from.start.si() * 1e6);
    fmt::format_to(out,
                   R"({{"ph":"f","bp":"e","name":"{0}","cat":"hand over","id":{1},"pid":{2},)"
                   R"("tid":{3},"ts":{4:.3f}}},)"
                   "\n",
                   trace.labels[from.label], id, to.rank, static_cast<int>(to.lane),
                   to.start.si() * 1e6);
  }
}

// Links are a process of their own, after the ranks.
void write_loads(std::back_insert_iterator<std::string> out, const Trace& trace, int ranks) {
  if (trace.links.empty()) return;
  fmt::format_to(
      out,
      R"({{"ph":"M","name":"process_name","pid":{},"args":{{"name":"links, fullest first: demand over capacity"}}}},)"
      "\n",
      ranks);
  for (const LinkHistory& link : trace.links) {
    for (const LoadSample& sample : link.samples) {
      fmt::format_to(out,
                     R"({{"ph":"C","name":"{}","pid":{},"ts":{:.3f},"args":{{"demand":{:.4f}}}}},)"
                     "\n",
                     link.name, ranks, sample.time.si() * 1e6, sample.load);
    }
  }
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
  write_arrows(out, trace);
  write_loads(out, trace, ranks);
  text.resize(text.size() - 2);  // the last comma
  return text + "\n]}\n";
}

}  // namespace fleetwright
