#include "planner/output/trace_paje.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

namespace fleetwright {
namespace {

constexpr std::array lanes{LaneKind::compute, LaneKind::collective, LaneKind::pipeline,
                           LaneKind::data_parallel};

// Kinds of events and their fields (Paje trace file, version 1.2.5). Ids are ours to choose.
constexpr std::string_view header = R"(%EventDef PajeDefineContainerType 0
%  Alias string
%  Type string
%  Name string
%EndEventDef
%EventDef PajeDefineStateType 1
%  Alias string
%  Type string
%  Name string
%EndEventDef
%EventDef PajeDefineVariableType 2
%  Alias string
%  Type string
%  Name string
%  Color color
%EndEventDef
%EventDef PajeDefineLinkType 3
%  Alias string
%  Type string
%  StartContainerType string
%  EndContainerType string
%  Name string
%EndEventDef
%EventDef PajeCreateContainer 4
%  Time date
%  Alias string
%  Type string
%  Container string
%  Name string
%EndEventDef
%EventDef PajeDestroyContainer 5
%  Time date
%  Type string
%  Name string
%EndEventDef
%EventDef PajePushState 6
%  Time date
%  Type string
%  Container string
%  Value string
%EndEventDef
%EventDef PajePopState 7
%  Time date
%  Type string
%  Container string
%EndEventDef
%EventDef PajeSetVariable 8
%  Time date
%  Type string
%  Container string
%  Value double
%EndEventDef
%EventDef PajeStartLink 9
%  Time date
%  Type string
%  Container string
%  StartContainer string
%  Value string
%  Key string
%EndEventDef
%EventDef PajeEndLink 10
%  Time date
%  Type string
%  Container string
%  EndContainer string
%  Value string
%  Key string
%EndEventDef
0 STEP 0 "step"
0 RANK STEP "pipeline rank"
0 LANE RANK "lane"
0 LINK STEP "link"
1 WORK LANE "work"
2 ACTIVATIONS RANK "activations, bytes" "0.2 0.5 0.8"
2 LOAD LINK "demand over capacity" "0.8 0.4 0.1"
3 HAND_OVER STEP LANE LANE "hand over"
)";

/// A line of the trace; at the same time in the order of `order`.
struct Line {
  double time = 0;
  int order = 0;
  std::string text;
};

// A state ends before the next one begins, and an arrow begins before it ends.
enum Order : int { pops, starts_arrow, ends_arrow, sets, pushes };

// As it is written: what is written alike is ordered alike.
double written(Seconds time) { return std::round(time.si() * 1e9) / 1e9; }

std::string lane_name(const TraceEvent& e) {
  return fmt::format("r{}l{}", e.rank, static_cast<int>(e.lane));
}

void add_states(const Trace& trace, std::vector<Line>& lines) {
  for (const TraceEvent& e : trace.events) {
    const double start = written(e.start);
    const double end = written(e.start + e.duration);
    if (end <= start) continue;
    const std::string lane = lane_name(e);
    lines.push_back({start, pushes,
                     fmt::format("6 {:.9f} WORK {} \"{}\"\n", start, lane, trace.labels[e.label])});
    lines.push_back({end, pops, fmt::format("7 {:.9f} WORK {}\n", end, lane)});
  }
}

void add_arrows(const Trace& trace, std::vector<Line>& lines) {
  for (std::size_t key = 0; key < trace.arrows.size(); ++key) {
    const TraceEvent& from = trace.events[trace.arrows[key].from];
    const TraceEvent& to = trace.events[trace.arrows[key].to];
    const std::string& label = trace.labels[from.label];
    lines.push_back({written(from.start), starts_arrow,
                     fmt::format("9 {:.9f} HAND_OVER step {} \"{}\" k{}\n", from.start.si(),
                                 lane_name(from), label, key)});
    lines.push_back({written(to.start), ends_arrow,
                     fmt::format("10 {:.9f} HAND_OVER step {} \"{}\" k{}\n", to.start.si(),
                                 lane_name(to), label, key)});
  }
}

void add_variables(const Trace& trace, std::vector<Line>& lines) {
  for (const MemorySample& m : trace.memory) {
    lines.push_back({written(m.time), sets,
                     fmt::format("8 {:.9f} ACTIVATIONS r{} {:.0f}\n", m.time.si(), m.rank,
                                 m.activations.si())});
  }
  for (std::size_t link = 0; link < trace.links.size(); ++link) {
    for (const LoadSample& s : trace.links[link].samples) {
      lines.push_back({written(s.time), sets,
                       fmt::format("8 {:.9f} LOAD link{} {:.4f}\n", s.time.si(), link, s.load)});
    }
  }
}

void write_containers(std::string& text, const Trace& trace, int ranks) {
  const auto out = std::back_inserter(text);
  text += "4 0.000000000 step STEP 0 \"step\"\n";
  for (int rank = 0; rank < ranks; ++rank) {
    fmt::format_to(out, "4 0.000000000 r{0} RANK step \"pipeline rank {0}\"\n", rank);
    for (const LaneKind lane : lanes) {
      fmt::format_to(out, "4 0.000000000 r{0}l{1} LANE r{0} \"{2} of rank {0}\"\n", rank,
                     static_cast<int>(lane), to_string(lane));
    }
  }
  for (std::size_t link = 0; link < trace.links.size(); ++link) {
    fmt::format_to(out, "4 0.000000000 link{} LINK step \"{}\"\n", link, trace.links[link].name);
  }
}

}  // namespace

std::string trace_paje(const Trace& trace, int ranks) {
  std::vector<Line> lines;
  add_states(trace, lines);
  add_arrows(trace, lines);
  add_variables(trace, lines);
  std::ranges::stable_sort(lines, {}, [](const Line& l) { return std::pair(l.time, l.order); });
  std::string text(header);
  write_containers(text, trace, ranks);
  for (const Line& line : lines) text += line.text;
  const double end = lines.empty() ? 0 : lines.back().time;
  text += fmt::format("5 {:.9f} STEP step\n", end);
  return text;
}

}  // namespace fleetwright
