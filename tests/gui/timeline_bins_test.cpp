#include "gui/models/timeline_bins.hpp"

#include <gtest/gtest.h>

namespace fleetwright::gui {
namespace {

Lane lane_of(int count, double length, double gap) {
  Lane lane;
  for (int i = 0; i < count; ++i) {
    const double start = i * (length + gap);
    lane.spans.push_back({start, start + length, i % 2, i % 2, -1, -1, -1});
  }
  return lane;
}

int activity(const Span& span) { return span.activity; }

TEST(LanePicture, DrawsWideSpansByThemselves) {
  const Lane lane = lane_of(4, 1, 1);
  const LanePicture picture = picture_of(lane, {0, 8, 80}, 2, activity);
  EXPECT_EQ(picture.wide.size(), 4U);
  for (const int pixel : picture.pixels) EXPECT_EQ(pixel, -1);
}

TEST(LanePicture, FillsAPixelWithWhatIsLongestInIt) {
  Lane lane;
  lane.spans = {{0, 0.3, 0, 0, -1, -1, -1}, {0.3, 0.9, 0, 1, -1, -1, -1}};
  const LanePicture picture = picture_of(lane, {0, 10, 10}, 2, activity);
  EXPECT_TRUE(picture.wide.empty());
  EXPECT_EQ(picture.pixels[0], 1);
  EXPECT_EQ(picture.pixels[1], -1);
}

TEST(LanePicture, ShowsASpanHoweverShortItIs) {
  Lane lane;
  lane.spans = {{500, 500 + 1e-9, 0, 0, -1, -1, -1}};
  const LanePicture picture = picture_of(lane, {0, 1000, 10}, 1, activity);
  EXPECT_EQ(picture.pixels[5], 0);
}

TEST(LanePicture, LeavesOutWhatIsNotSeen) {
  const Lane lane = lane_of(1000, 1, 0);
  const LanePicture picture = picture_of(lane, {500, 510, 100}, 2, activity);
  EXPECT_GE(picture.wide.size(), 10U);
  EXPECT_LE(picture.wide.size(), 11U);
}

TEST(LanePicture, IsNoLargerThanTheScreen) {
  const Lane lane = lane_of(100'000, 0.01, 0);
  const LanePicture picture = picture_of(lane, {0, 1000, 1200}, 2, activity);
  EXPECT_EQ(picture.pixels.size(), 1200U);
  EXPECT_LE(picture.wide.size(), 1200U);
}

TEST(SpanAt, FindsTheSpanUnderAPoint) {
  const Lane lane = lane_of(10, 1, 1);
  EXPECT_EQ(span_at(lane, 4.5, 0), &lane.spans[2]);
  EXPECT_EQ(span_at(lane, 5.5, 0), nullptr);
  EXPECT_EQ(span_at(lane, 5.5, 0.6), &lane.spans[3]);
  EXPECT_EQ(span_at(Lane{}, 0, 1), nullptr);
}

}  // namespace
}  // namespace fleetwright::gui
