#include "tests/gui/chart_clicks.hpp"

#include <gtest/gtest.h>

#include <QChart>
#include <QChartView>
#include <QScatterSeries>
#include <QTest>

#include "gui/chart_page.hpp"
#include "tests/gui/waiting.hpp"

namespace fleetwright::testing {

void click_point(gui::ChartPage& page, int point) {
  auto* view = page.findChild<QChartView*>();
  ASSERT_NE(view, nullptr);
  // Laid out, so that points are where they are seen.
  ASSERT_FALSE(page.grab().isNull());
  for (QAbstractSeries* series : view->chart()->series()) {
    const auto* points = qobject_cast<QScatterSeries*>(series);
    if (points == nullptr) continue;
    ASSERT_LT(point, points->count());
    const QPointF at = view->chart()->mapToPosition(points->at(point), series);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                      view->mapFromScene(view->chart()->mapToScene(at)));
    return;
  }
  FAIL() << "the chart has no points";
}

}  // namespace fleetwright::testing
