#include "gui/models/timeline_bins.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwright::gui {
namespace {

// Narrower spans have no room for a border.
constexpr double wide_pixels = 3;
// Spans of a lane hardly overlap: so many before the last are looked at for one that goes on.
constexpr int most_overlapping = 64;

// The first span that may be seen.
std::size_t first_seen(const Lane& lane, double begin) {
  const auto start = std::ranges::lower_bound(lane.spans, begin, {}, &Span::start);
  auto index = static_cast<std::size_t>(start - lane.spans.begin());
  for (int back = 0; back < most_overlapping && index > 0; ++back) --index;
  return index;
}

/// How much of each pixel each class fills.
class Coverage {
 public:
  Coverage(int pixels, int classes)
      : pixels_(pixels),
        classes_(classes),
        cover_(static_cast<std::size_t>(pixels) * static_cast<std::size_t>(classes)) {}

  void add(int class_number, double from, double to) {
    // Clamped before they are cut: far outside the view they are no ints.
    const int first = static_cast<int>(std::clamp(from, 0.0, pixels_ - 1.0));
    const int last = std::max(first, static_cast<int>(std::clamp(to, 0.0, pixels_ - 1.0)));
    for (int pixel = first; pixel <= last; ++pixel) {
      const double part = std::min(to, pixel + 1.0) - std::max(from, static_cast<double>(pixel));
      at(pixel, class_number) += static_cast<float>(std::max(part, 1e-6));
    }
  }

  [[nodiscard]] std::vector<int> fullest() {
    std::vector<int> classes(static_cast<std::size_t>(pixels_), -1);
    for (int pixel = 0; pixel < pixels_; ++pixel) {
      float most = 0;
      for (int c = 0; c < classes_; ++c) {
        if (at(pixel, c) <= most) continue;
        most = at(pixel, c);
        classes[static_cast<std::size_t>(pixel)] = c;
      }
    }
    return classes;
  }

 private:
  float& at(int pixel, int class_number) {
    return cover_[static_cast<std::size_t>(pixel) * static_cast<std::size_t>(classes_) +
                  static_cast<std::size_t>(class_number)];
  }

  int pixels_;
  int classes_;
  std::vector<float> cover_;
};

}  // namespace

LanePicture picture_of(const Lane& lane, const TimelineWindow& window, int classes,
                       const SpanClass& class_of) {
  LanePicture picture;
  Coverage coverage(window.pixels, classes);
  for (std::size_t i = first_seen(lane, window.begin); i < lane.spans.size(); ++i) {
    const Span& span = lane.spans[i];
    if (span.start >= window.end) break;
    if (span.end <= window.begin) continue;
    const double from = window.x_of(span.start);
    const double to = window.x_of(span.end);
    if (to - from >= wide_pixels) {
      picture.wide.push_back(i);
    } else {
      coverage.add(class_of(span), from, to);
    }
  }
  picture.pixels = coverage.fullest();
  return picture;
}

const Span* span_at(const Lane& lane, double time, double slack) {
  const auto after = std::ranges::upper_bound(lane.spans, time + slack, {}, &Span::start);
  auto at = after;
  for (int back = 0; back < most_overlapping && at != lane.spans.begin(); ++back) {
    --at;
    if (at->end >= time - slack) return &*at;
  }
  return nullptr;
}

}  // namespace fleetwright::gui
