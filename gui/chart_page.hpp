#pragma once

#include <initializer_list>
#include <vector>

#include "gui/models/table_model.hpp"
#include "gui/page.hpp"

class QChartView;
class QGridLayout;
class QLabel;
class QSortFilterProxyModel;
class QStackedLayout;
class QVBoxLayout;

namespace fleetwright::gui {

class Notice;
class DiagramView;
class FittedTable;
class KeptSplitter;

/// Without its markup.
[[nodiscard]] QString plain_text(const QString& html);

/// A page of a sentence, a drawing and charts beside each other, and a table below. While it has
/// nothing to show it says what to do next.
class ChartPage : public Page {
  Q_OBJECT

 public:
  /// `name` is what a screen reader calls the page.
  explicit ChartPage(const QString& name, QWidget* parent = nullptr);
  ~ChartPage() override;

  void show_content(PageContent content);
  /// Whether its picture is more than the table.
  [[nodiscard]] bool has_drawing() const;
  void show_empty(const QString& what_to_do);
  [[nodiscard]] const PageContent& content() const { return content_; }

  void paint_picture(QPainter& painter, const QSize& size) override;
  [[nodiscard]] QSize picture_size() const override;
  [[nodiscard]] TableData table() const override { return content_.table; }
  [[nodiscard]] QString answer_text() const override;
  void restyle() override;

 signals:
  /// A point of the first chart was clicked, or Enter pressed on its row of the table.
  void row_chosen(int row);

 protected:
  /// Above the sentence, for what a page needs more.
  [[nodiscard]] QVBoxLayout& head() { return *head_; }
  void select_row(int row);
  /// The tab key meets these, in their order, before what the page shows.
  void put_before_page(std::initializer_list<QWidget*> controls);
  void showEvent(QShowEvent* event) override;
  /// Above everything, whether there is something to show or not.
  [[nodiscard]] QVBoxLayout& always_shown() { return *always_shown_; }
  /// The row of the content's table that is selected; -1 for none.
  [[nodiscard]] int selected_row() const;

 private:
  void rebuild_charts();
  void lay_out_charts();
  void connect_points(QChartView& view);
  void tell_row(const QModelIndex& index);
  [[nodiscard]] QStringList row_in_words(int row) const;

  PageContent content_;
  TableModel* model_;
  QSortFilterProxyModel* sorted_;
  QStackedLayout* stack_;
  QVBoxLayout* always_shown_;
  QVBoxLayout* head_;
  QLabel* answer_;
  Notice* empty_;
  KeptSplitter* splitter_;
  QWidget* chart_area_;
  QGridLayout* chart_grid_;
  DiagramView* diagram_;
  FittedTable* table_view_;
  QLabel* row_told_;
  std::vector<QChartView*> views_;
  std::vector<QWidget*> before_page_;
};

}  // namespace fleetwright::gui
