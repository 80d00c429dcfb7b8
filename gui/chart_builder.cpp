#include "gui/chart_builder.hpp"

#include <QApplication>
#include <QBarCategoryAxis>
#include <QBarSet>
#include <QChart>
#include <QHorizontalBarSeries>
#include <QHorizontalStackedBarSeries>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QPalette>
#include <QScatterSeries>
#include <QStackedBarSeries>
#include <QValueAxis>
#include <algorithm>
#include <cmath>
#include <limits>

#include "gui/theme.hpp"

namespace fleetwright::gui {
namespace {

// With more bars than this, numbers at their ends collide.
constexpr int most_labelled = 16;

QColor text_colour() { return QApplication::palette().color(QPalette::Text); }

QColor grid_colour() {
  QColor colour = text_colour();
  colour.setAlpha(40);
  return colour;
}

void dress(QAbstractAxis& axis, const QString& title) {
  axis.setTitleText(title);
  axis.setTitleBrush(text_colour());
  axis.setLabelsColor(text_colour());
  axis.setLinePenColor(grid_colour());
  axis.setGridLineColor(grid_colour());
  QFont font = QApplication::font();
  axis.setLabelsFont(font);
  axis.setTitleFont(font);
}

struct Extent {
  double low = 0;
  double high = 0;

  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

// The next 1, 2 or 5 times a power of ten.
double round_step(double wanted) {
  if (wanted <= 0) return 1;
  const double power = std::pow(10, std::floor(std::log10(wanted)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= wanted) return factor * power;
  }
  return 10 * power;
}

// Room for the numbers at the ends of bars, and zero in the picture.
void set_range(QValueAxis& axis, Extent extent, bool labelled) {
  const double room = (extent.high - extent.low) * (labelled ? 0.12 : 0.02);
  if (extent.high <= extent.low) extent.high = extent.low + 1;
  const double low = extent.low < 0 ? extent.low - room : 0;
  const double high = extent.high > 0 ? extent.high + room : 0;
  const double step = round_step((high - low) / 6);
  axis.setRange(std::floor(low / step) * step, std::ceil(high / step) * step);
  axis.setTickType(QValueAxis::TicksDynamic);
  axis.setTickAnchor(0);
  axis.setTickInterval(step);
  axis.setLabelFormat("%g");
}

Extent extent_of(const ChartData& data) {
  Extent extent;
  for (const double limit : data.limits) extent.include(limit);
  for (qsizetype c = 0; c < data.categories.size(); ++c) {
    Extent stack;
    for (const ChartSeries& series : data.series) {
      const double value = series.values[static_cast<std::size_t>(c)];
      (value < 0 ? stack.low : stack.high) += value;
      if (data.kind == ChartKind::bars) extent.include(value);
    }
    if (data.kind == ChartKind::bars) continue;
    extent.include(stack.low);
    extent.include(stack.high);
  }
  return extent;
}

// The axis of lying bars counts from below; the first category shall be on top.
template <typename List>
List in_order(const ChartData& data, List list) {
  if (data.kind != ChartKind::stacked_columns) std::reverse(list.begin(), list.end());
  return list;
}

void add_sets(const ChartData& data, QAbstractBarSeries& bars) {
  int number = 0;
  for (const ChartSeries& series : data.series) {
    auto* set = new QBarSet(series.name, &bars);
    for (const double value : in_order(data, series.values)) *set << value;
    if (series.invisible) {
      set->setColor(Qt::transparent);
      set->setBorderColor(Qt::transparent);
    } else {
      set->setColor(series_colour(number++));
      set->setBorderColor(Qt::transparent);
    }
    set->setLabelColor(text_colour());
    bars.append(set);
  }
}

// A dashed line through all categories, with a step where the limits of neighbours differ.
void add_limits(const ChartData& data, QChart& chart, QAbstractAxis& value_axis,
                QAbstractAxis& category_axis) {
  auto* line = new QLineSeries(&chart);
  line->setName(data.limit_name);
  const bool upright = data.kind == ChartKind::stacked_columns;
  double at = -0.5;
  for (const double limit : in_order(data, data.limits)) {
    for (const double edge : {at, at + 1}) {
      upright ? line->append(edge, limit) : line->append(limit, edge);
    }
    ++at;
  }
  line->setPen(QPen(error_colour(), 2, Qt::DashLine));
  chart.addSeries(line);
  line->attachAxis(&value_axis);
  line->attachAxis(&category_axis);
}

// Names, or numbers from zero on: of many of these some are left out, where names would be cut off.
QAbstractAxis* category_axis(const ChartData& data, QChart& chart) {
  const qsizetype count = data.categories.size();
  bool counted = data.kind == ChartKind::stacked_columns && count > 10;
  for (qsizetype i = 0; i < count; ++i)
    counted = counted && data.categories[i] == QString::number(i);
  if (counted) {
    auto* numbers = new QValueAxis(&chart);
    numbers->setRange(-0.5, static_cast<double>(count) - 0.5);
    numbers->setTickType(QValueAxis::TicksDynamic);
    numbers->setTickInterval(round_step(static_cast<double>(count) / 10));
    numbers->setLabelFormat("%d");
    return numbers;
  }
  auto* names = new QBarCategoryAxis(&chart);
  QStringList shown = in_order(data, data.categories);
  // Where bars are thick, what is in brackets finds room below the name.
  if (count <= 4) shown.replaceInStrings(" (", "<br>(");
  names->append(shown);
  return names;
}

void build_bars(const ChartData& data, QChart& chart) {
  QAbstractBarSeries* bars = nullptr;
  if (data.kind == ChartKind::stacked_bars) {
    bars = new QHorizontalStackedBarSeries(&chart);
  } else if (data.kind == ChartKind::stacked_columns) {
    bars = new QStackedBarSeries(&chart);
  } else {
    bars = new QHorizontalBarSeries(&chart);
  }
  bars->setBarWidth(data.categories.size() == 1 ? 0.35 : 0.75);
  add_sets(data, *bars);
  const bool labelled = data.kind == ChartKind::bars && data.series.size() == 1 &&
                        data.categories.size() <= most_labelled;
  if (labelled) {
    bars->setLabelsVisible(true);
    bars->setLabelsPrecision(3);
    bars->setLabelsPosition(QAbstractBarSeries::LabelsOutsideEnd);
  }
  chart.addSeries(bars);

  QAbstractAxis* categories = category_axis(data, chart);
  dress(*categories, data.category_title);
  if (data.kind == ChartKind::stacked_bars && data.categories.size() > 10) {
    QFont small = QApplication::font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    categories->setLabelsFont(small);
  }
  categories->setGridLineVisible(false);
  auto* values = new QValueAxis(&chart);
  dress(*values, data.value_title);
  set_range(*values, extent_of(data), labelled);
  const bool upright = data.kind == ChartKind::stacked_columns;
  chart.addAxis(categories, upright ? Qt::AlignBottom : Qt::AlignLeft);
  chart.addAxis(values, upright ? Qt::AlignLeft : Qt::AlignBottom);
  bars->attachAxis(categories);
  bars->attachAxis(values);
  if (!data.limits.empty()) add_limits(data, chart, *values, *categories);

  int shown = 0;
  for (const ChartSeries& series : data.series) shown += series.invisible ? 0 : 1;
  chart.legend()->setVisible(shown > 1 || !data.limits.empty());
}

void build_lines(const ChartData& data, QChart& chart) {
  Extent x;
  Extent y;
  auto* across = new QValueAxis(&chart);
  auto* up = new QValueAxis(&chart);
  chart.addAxis(across, Qt::AlignBottom);
  chart.addAxis(up, Qt::AlignLeft);
  int number = 0;
  for (const ChartSeries& series : data.series) {
    auto* line = new QLineSeries(&chart);
    line->setName(series.name);
    line->setPen(QPen(series_colour(number++), 1.6));
    for (const QPointF& point : series.points) {
      line->append(point);
      x.include(point.x());
      y.include(point.y());
    }
    chart.addSeries(line);
    line->attachAxis(across);
    line->attachAxis(up);
  }
  dress(*across, data.category_title);
  dress(*up, data.value_title);
  set_range(*up, y, false);
  across->setRange(0, x.high);
  across->setTickType(QValueAxis::TicksDynamic);
  across->setTickInterval(round_step(x.high / 5));
  across->setLabelFormat("%g");
  chart.legend()->setVisible(data.series.size() > 1);
}

QScatterSeries* add_points(const ChartData& data, QChart& chart) {
  auto* points = new QScatterSeries(&chart);
  points->setName(data.series[0].name);
  points->setMarkerSize(9);
  QColor fill = series_colour(is_dark() ? 4 : 0);
  fill.setAlpha(190);
  points->setColor(fill);
  points->setBorderColor(Qt::transparent);
  for (const QPointF& point : data.series[0].points) points->append(point);
  chart.addSeries(points);
  return points;
}

// Both axes have the same range, and a line stands where they agree.
void build_log_scatter(const ChartData& data, QChart& chart) {
  double low = std::numeric_limits<double>::max();
  double high = 0;
  for (const QPointF& point : data.series[0].points) {
    low = std::min({low, point.x(), point.y()});
    high = std::max({high, point.x(), point.y()});
  }
  low = std::pow(10, std::floor(std::log10(low)));
  high = std::pow(10, std::ceil(std::log10(high)));
  if (high <= low) high = 10 * low;

  auto* equal = new QLineSeries(&chart);
  equal->append(low, low);
  equal->append(high, high);
  equal->setPen(QPen(grid_colour(), 2));
  chart.addSeries(equal);
  QScatterSeries* points = add_points(data, chart);
  for (const auto alignment : {Qt::AlignBottom, Qt::AlignLeft}) {
    auto* axis = new QLogValueAxis(&chart);
    axis->setBase(10);
    // A little more than whole powers, else rounding takes the first label away.
    axis->setRange(0.999 * low, 1.001 * high);
    axis->setLabelFormat("%g");
    dress(*axis, alignment == Qt::AlignBottom ? data.category_title : data.value_title);
    chart.addAxis(axis, alignment);
    equal->attachAxis(axis);
    points->attachAxis(axis);
  }
  chart.legend()->setVisible(false);
}

// Points that lie close to each other far from zero are not pressed into a corner.
void build_scatter(const ChartData& data, QChart& chart) {
  QScatterSeries* points = add_points(data, chart);
  for (const auto alignment : {Qt::AlignBottom, Qt::AlignLeft}) {
    const bool across = alignment == Qt::AlignBottom;
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    for (const QPointF& point : data.series[0].points) {
      low = std::min(low, across ? point.x() : point.y());
      high = std::max(high, across ? point.x() : point.y());
    }
    const double room = high > low ? 0.1 * (high - low) : std::max(std::abs(high), 1.0) * 0.1;
    const double step = round_step((high - low + 2 * room) / 6);
    auto* axis = new QValueAxis(&chart);
    axis->setRange(std::floor((low - room) / step) * step, std::ceil((high + room) / step) * step);
    axis->setTickType(QValueAxis::TicksDynamic);
    axis->setTickInterval(step);
    axis->setLabelFormat("%g");
    dress(*axis, across ? data.category_title : data.value_title);
    chart.addAxis(axis, alignment);
    points->attachAxis(axis);
  }
  chart.legend()->setVisible(false);
}

}  // namespace

std::unique_ptr<QChart> build_chart(const ChartData& data) {
  auto chart = std::make_unique<QChart>();
  chart->setTheme(is_dark() ? QChart::ChartThemeDark : QChart::ChartThemeLight);
  chart->setBackgroundBrush(QApplication::palette().color(QPalette::Base));
  chart->setBackgroundRoundness(0);
  chart->setMargins(QMargins(4, 4, 12, 4));
  chart->setTitle(data.title);
  chart->setTitleBrush(text_colour());
  QFont bold = QApplication::font();
  bold.setBold(true);
  chart->setTitleFont(bold);
  switch (data.kind) {
    case ChartKind::bars:
    case ChartKind::stacked_bars:
    case ChartKind::stacked_columns:
      build_bars(data, *chart);
      break;
    case ChartKind::lines:
      build_lines(data, *chart);
      break;
    case ChartKind::scatter:
      data.logarithmic ? build_log_scatter(data, *chart) : build_scatter(data, *chart);
      break;
  }
  // More names than these are cut off beside each other.
  chart->legend()->setAlignment(data.series.size() > 4 ? Qt::AlignRight : Qt::AlignTop);
  chart->legend()->setLabelColor(text_colour());
  chart->legend()->setFont(QApplication::font());
  for (QLegendMarker* marker : chart->legend()->markers()) {
    for (const ChartSeries& series : data.series) {
      if (series.invisible && marker->label() == series.name) marker->setVisible(false);
    }
  }
  return chart;
}

}  // namespace fleetwright::gui
