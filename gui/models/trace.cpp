#include "gui/models/trace.hpp"

#include <algorithm>

namespace fleetwright::gui {

std::size_t Trace::span_count() const {
  std::size_t count = 0;
  for (const Lane& lane : lanes) count += lane.spans.size();
  return count;
}

int Trace::ranks() const { return lanes.empty() ? 0 : lanes.back().rank + 1; }

std::vector<NameShare> time_by_name(const Trace& trace, double begin, double end) {
  std::vector<NameShare> shares(static_cast<std::size_t>(trace.names.size()));
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i].name = static_cast<int>(i);
  for (const Lane& lane : trace.lanes) {
    for (const Span& span : lane.spans) {
      const double seconds = std::min(end, span.end) - std::max(begin, span.start);
      if (seconds <= 0) continue;
      NameShare& share = shares[static_cast<std::size_t>(span.name)];
      ++share.count;
      share.seconds += seconds;
    }
  }
  std::erase_if(shares, [](const NameShare& s) { return s.count == 0; });
  std::ranges::stable_sort(shares, std::ranges::greater(), &NameShare::seconds);
  return shares;
}

}  // namespace fleetwright::gui
