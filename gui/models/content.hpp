#pragma once

#include <QPointF>
#include <QString>
#include <QStringList>
#include <QVariant>
#include <optional>
#include <vector>

namespace fleetwright::gui {

/// Of stacked bars, what is negative is stacked to the other side of zero.
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
  /// A line across the chart, of a height for each category: the capacity that bars must stay
  /// under.
  std::vector<double> limits;
  QString limit_name;
  bool logarithmic = false;
};

/// What a colour says beside the text that it is behind.
enum class Tone { plain, good, mild, careful, bad };

/// A cell: what is read, and what is sorted by.
struct Cell {
  QString text;
  QVariant order;
  Tone tone = Tone::plain;
};

/// A box of a drawing, in columns and rows of its grid. The first line is its name.
struct DiagramBox {
  QStringList lines;
  double left = 0;
  double top = 0;
  double width = 1;
  double height = 1;
  Tone tone = Tone::plain;
  bool dashed = false;  // stands for many
};

/// A line between two boxes; thick where it carries much.
struct DiagramLine {
  int from = 0;
  int to = 0;
  QString label;
  double load = 0;  // share of its capacity
  Tone tone = Tone::plain;
};

/// A drawing of machines and what joins them.
struct DiagramData {
  QString title;
  double columns = 1;
  double rows = 1;
  std::vector<DiagramBox> boxes;
  std::vector<DiagramLine> lines;
};

/// A table of a page; all rows have as many cells as there are columns.
struct TableData {
  QStringList columns;
  std::vector<std::vector<Cell>> rows;
};

/// What a page says: a sentence, a drawing, charts, a table. Without any of these it is empty, and
/// `answer` says what to do next.
struct PageContent {
  QString answer;
  std::optional<DiagramData> diagram;
  std::vector<ChartData> charts;
  TableData table;

  [[nodiscard]] bool empty() const { return !diagram && charts.empty() && table.rows.empty(); }
};

[[nodiscard]] inline Cell cell(const QString& text) { return {text, text, Tone::plain}; }
[[nodiscard]] inline Cell cell(const QString& text, double order) {
  return {text, order, Tone::plain};
}

}  // namespace fleetwright::gui
