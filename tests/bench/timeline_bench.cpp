// The dashboard's timeline: reading a trace, and sorting it into the pixels of one frame.

#include <benchmark/benchmark.h>

#include "gui/models/timeline_bins.hpp"
#include "gui/models/trace_reader.hpp"

namespace fleetwright::gui {
namespace {

constexpr int lanes = 64;  // 16 ranks of four

std::string trace_text(int spans) {
  std::string text = "{\"traceEvents\":[\n";
  for (int i = 0; i < spans; ++i) {
    const int lane = i % lanes;
    text += R"({"ph":"X","name":"mlp B","cat":"backward","pid":)" + std::to_string(lane / 4) +
            ",\"tid\":" + std::to_string(lane % 4) + ",\"ts\":" + std::to_string(i / lanes * 120) +
            R"(,"dur":100,"args":{"stage":1,"micro_batch":2,"layer":3}},)" + "\n";
  }
  text.resize(text.size() - 2);
  return text + "\n]}\n";
}

void read_a_trace(benchmark::State& state) {
  const std::string text = trace_text(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(read_trace(text));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(read_a_trace)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void sort_a_frame(benchmark::State& state) {
  const TraceResult result = read_trace(trace_text(static_cast<int>(state.range(0))));
  const TimelineWindow window{0, result.trace->end, 1920};
  for (auto _ : state) {
    for (const Lane& lane : result.trace->lanes) {
      benchmark::DoNotOptimize(
          picture_of(lane, window, 8, [](const Span& span) { return span.activity; }));
    }
  }
}
BENCHMARK(sort_a_frame)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fleetwright::gui
