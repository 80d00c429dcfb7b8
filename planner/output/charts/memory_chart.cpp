#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "planner/output/charts/axis.hpp"
#include "planner/output/charts/charts.hpp"

namespace fleetwright {
namespace {

constexpr double width = 760, left = 55, right = 750, top = 14, bottom = 230, height = 292;

}  // namespace

std::string memory_chart(const ChartHead& head, const MemoryParts& memory) {
  double most = memory.capacity;
  for (const auto& parts : memory.ranks) {
    most = std::max(most, std::accumulate(parts.begin(), parts.end(), 0.0));
  }
  Figure figure(head, width, height);
  const Axis y(0, most * 1.05, bottom, top);
  for (const double tick : y.ticks(5)) {
    figure.line(left, y.at(tick), right, y.at(tick), "#d9d9d9");
    figure.text(left - 7, y.at(tick) + 4, fmt::format("{:g}", tick),
                {.anchor = Anchor::end, .size = 12});
  }
  const double pitch = (right - left) / static_cast<double>(memory.ranks.size());
  const std::size_t every = 1 + (memory.ranks.size() - 1) / 20;
  for (std::size_t r = 0; r < memory.ranks.size(); ++r) {
    const double x = left + pitch * static_cast<double>(r);
    double below = 0;
    for (std::size_t part = 0; part < memory.names.size(); ++part) {
      const double gib = memory.ranks[r][part];
      figure.rect(x + 0.12 * pitch, y.at(below + gib), 0.76 * pitch,
                  y.at(below) - y.at(below + gib), chart_colours[part].hex,
                  fmt::format("rank {}, {}: {:.2f} GiB", r, memory.names[part], gib));
      below += gib;
    }
    if (r % every == 0) {
      figure.text(x + pitch / 2, bottom + 15, fmt::format("{}", r),
                  {.anchor = Anchor::middle, .size = 12});
    }
  }
  figure.line(left, y.at(memory.capacity), right, y.at(memory.capacity), chart_ink, 1.5, "6 4");
  figure.text(right, y.at(memory.capacity) - 4, fmt::format("capacity {:.1f} GiB", memory.capacity),
              {.anchor = Anchor::end, .size = 12});
  figure.text((left + right) / 2, bottom + 33, "pipeline rank; GiB of one GPU upwards",
              {.anchor = Anchor::middle, .size = 12});
  double at = left;
  for (std::size_t part = 0; part < memory.names.size(); ++part) {
    figure.rect(at, bottom + 43, 11, 11, chart_colours[part].hex);
    figure.text(at + 16, bottom + 53, memory.names[part], {.size = 12});
    at += 42 + 6.8 * static_cast<double>(memory.names[part].size());
  }
  return std::move(figure).finish();
}

}  // namespace fleetwright
