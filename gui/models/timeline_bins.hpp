#pragma once

#include <functional>
#include <vector>

#include "gui/models/trace.hpp"

namespace fleetwright::gui {

/// The part of a lane that is seen: a range of time over a number of pixels.
struct TimelineWindow {
  double begin = 0;
  double end = 1;
  int pixels = 1;

  [[nodiscard]] double seconds_per_pixel() const { return (end - begin) / pixels; }
  [[nodiscard]] double x_of(double time) const { return (time - begin) / seconds_per_pixel(); }
  [[nodiscard]] double time_at(double x) const { return begin + x * seconds_per_pixel(); }
};

/// What a lane looks like: spans wide enough to be drawn by themselves, and for everything
/// narrower the class (from 0; -1 for none) that fills most of each pixel.
struct LanePicture {
  std::vector<int> pixels;
  std::vector<std::size_t> wide;  // numbers of spans
};

/// Gives each span one of `classes` classes.
using SpanClass = std::function<int(const Span&)>;

/// Sorts the spans that are seen into pixels. Takes time in proportion to the number of spans seen,
/// and draws at most one wide span a pixel.
[[nodiscard]] LanePicture picture_of(const Lane& lane, const TimelineWindow& window, int classes,
                                     const SpanClass& class_of);

/// The span of a lane at a time, or within `slack` seconds of it: the one that starts last. Null
/// where the lane is idle.
[[nodiscard]] const Span* span_at(const Lane& lane, double time, double slack);

}  // namespace fleetwright::gui
