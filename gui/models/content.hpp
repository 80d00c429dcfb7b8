#pragma once

#include <QPointF>
#include <QString>
#include <QStringList>
#include <QVariant>
#include <optional>
#include <vector>

namespace fleetwright::gui {

enum class ChartKind { bars, stacked_bars, stacked_columns, lines, scatter };

/// One colour of a chart: a value for each category, or points.
struct ChartSeries {
  QString name;
  std::vector<double> values;
  std::vector<QPointF> points;
  /// An invisible series only lifts those after it: the steps of a waterfall.
  bool invisible = false;
};

/// What a chart shows, whatever draws it. Bars lie, with the first category on top.
struct ChartData {
  ChartKind kind = ChartKind::bars;
  QString title;
  QString value_title;
  QString category_title;
  QStringList categories;
  std::vector<ChartSeries> series;
  /// A line across the chart: the capacity that bars must stay under.
  std::optional<double> limit;
  QString limit_name;
  bool logarithmic = false;
};

/// A cell: what is read, and what is sorted by.
struct Cell {
  QString text;
  QVariant order;
};

/// A table of a page; all rows have as many cells as there are columns.
struct TableData {
  QStringList columns;
  std::vector<std::vector<Cell>> rows;
};

/// What a page says: a sentence, charts, a table. Without charts and rows it is empty, and `answer`
/// says what to do next.
struct PageContent {
  QString answer;
  std::vector<ChartData> charts;
  TableData table;

  [[nodiscard]] bool empty() const { return charts.empty() && table.rows.empty(); }
};

[[nodiscard]] inline Cell cell(const QString& text) { return {text, text}; }
[[nodiscard]] inline Cell cell(const QString& text, double order) { return {text, order}; }

}  // namespace fleetwright::gui
