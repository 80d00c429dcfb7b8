#include "gui/timeline_view.hpp"

#include <gtest/gtest.h>

#include <QImage>
#include <QPainter>
#include <QTest>
#include <algorithm>
#include <ctime>

#include "gui/models/trace_reader.hpp"

namespace fleetwright::gui {
namespace {

// 16 ranks x 4 lanes, as a deep pipeline writes them.
std::string trace_text(int spans) {
  std::string text = "{\"traceEvents\":[\n";
  for (int i = 0; i < spans; ++i) {
    const int lane = i % 64;
    const int number = i / 64;
    text += "{\"ph\":\"X\",\"name\":\"" + std::string(number % 3 == 0 ? "attention F" : "mlp B") +
            "\",\"cat\":\"" + (number % 2 == 0 ? "forward" : "backward") +
            "\",\"pid\":" + std::to_string(lane / 4) + ",\"tid\":" + std::to_string(lane % 4) +
            ",\"ts\":" + std::to_string(number * 120) +
            ",\"dur\":100,\"args\":{\"stage\":" + std::to_string(lane / 4) +
            ",\"micro_batch\":" + std::to_string(number % 120) + "}},\n";
  }
  text.resize(text.size() - 2);
  return text + "\n]}\n";
}

class TimelineViewTest : public ::testing::Test {
 protected:
  void show(int spans) {
    view_.resize(1200, 700);
    view_.set_trace(read_trace(trace_text(spans)).trace);
    view_.show();
  }

  TimelineView view_;
};

TEST_F(TimelineViewTest, ZoomsMovesAndShowsAllByKeys) {
  show(6400);
  const double whole = view_.end() - view_.begin();
  QTest::keyClick(&view_, Qt::Key_Plus);
  EXPECT_LT(view_.end() - view_.begin(), whole);
  const double begin = view_.begin();
  QTest::keyClick(&view_, Qt::Key_Right);
  EXPECT_GT(view_.begin(), begin);
  QTest::keyClick(&view_, Qt::Key_Home);
  EXPECT_DOUBLE_EQ(view_.end() - view_.begin(), whole);
  QTest::keyClick(&view_, Qt::Key_Minus);
  EXPECT_DOUBLE_EQ(view_.end() - view_.begin(), whole);
}

TEST_F(TimelineViewTest, GoesFromSpanToSpanAndFromLaneToLaneByKeys) {
  show(6400);
  QTest::keyClick(&view_, Qt::Key_Period);
  const Span* first = view_.selected();
  ASSERT_NE(first, nullptr);
  QTest::keyClick(&view_, Qt::Key_Period);
  EXPECT_EQ(view_.selected(), first + 1);
  QTest::keyClick(&view_, Qt::Key_Down, Qt::ControlModifier);
  const Span* below = view_.selected();
  EXPECT_EQ(below->start, first[1].start);
  EXPECT_NE(below, first + 1);
  QTest::keyClick(&view_, Qt::Key_Comma);
  EXPECT_EQ(view_.selected(), below - 1);
  QTest::keyClick(&view_, Qt::Key_Up, Qt::ControlModifier);
  EXPECT_EQ(view_.selected(), first);
  // What is selected is brought into view.
  view_.show_range(0, 500e-6);
  for (int i = 0; i < 20; ++i) QTest::keyClick(&view_, Qt::Key_Period);
  EXPECT_GT(view_.end(), view_.selected()->end);
  EXPECT_LE(view_.begin(), view_.selected()->start);
}

TEST_F(TimelineViewTest, SelectsWhatIsClicked) {
  show(640);
  QString told;
  QObject::connect(&view_, &TimelineView::selection_changed, &view_,
                   [&](const QString& text) { told = text; });
  QTest::mouseClick(&view_, Qt::LeftButton, {}, QPoint(110, 40));
  EXPECT_TRUE(told.contains("rank 0")) << told.toStdString();
  EXPECT_TRUE(told.contains("micro-batch"));
}

TEST_F(TimelineViewTest, GoesFromOneFindToTheNext) {
  show(640);
  EXPECT_FALSE(view_.find_next(false));
  view_.set_search("ATTENTION");
  ASSERT_TRUE(view_.find_next(false));
  const Span* first = view_.selected();
  ASSERT_TRUE(view_.find_next(false));
  EXPECT_NE(view_.selected(), first);
  ASSERT_TRUE(view_.find_next(true));
  EXPECT_EQ(view_.selected(), first);
  view_.set_search("nothing of that name");
  EXPECT_FALSE(view_.find_next(false));
}

#ifndef FLEETWRIGHT_SANITIZED
// Of this process alone: what else the machine does makes no difference.
double processor_ms() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

TEST_F(TimelineViewTest, LoadsAndDrawsAHundredThousandSpansInTime) {
  const std::string text = trace_text(100'000);
  double start = processor_ms();
  const TraceResult result = read_trace(text);
  const double load_ms = processor_ms() - start;
  ASSERT_TRUE(result.trace);
  EXPECT_EQ(result.trace->span_count(), 100'000U);
  EXPECT_LT(load_ms, 2000);

  view_.resize(1920, 1000);
  view_.set_trace(result.trace);
  QImage frame(view_.size(), QImage::Format_RGB32);
  for (const double part : {1.0, 0.5, 0.1, 0.01}) {
    view_.show_range(0, result.trace->end * part);
    double of_part_ms = load_ms + 1000;
    for (int i = 0; i < 5; ++i) {
      start = processor_ms();
      QPainter painter(&frame);
      view_.paint_into(painter, view_.size());
      painter.end();
      of_part_ms = std::min(of_part_ms, processor_ms() - start);
    }
    // 8 to 15 ms where nothing else is done; 30 frames a second leave 33.
    EXPECT_LT(of_part_ms, 100) << "of " << part;
  }
}
#endif

}  // namespace
}  // namespace fleetwright::gui
