#pragma once

#include <QTimer>
#include <memory>

#include "gui/models/table_model.hpp"
#include "gui/models/trace.hpp"
#include "gui/page.hpp"

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedLayout;
class QTableView;

namespace fleetwright::gui {

class Notice;
class TimelineView;

/// The timeline of a step, and below it what its visible part is spent on.
class TimelinePage : public Page {
  Q_OBJECT

 public:
  explicit TimelinePage(QWidget* parent = nullptr);

  /// Null for none; then `what_to_do` is shown.
  void show_trace(std::shared_ptr<const Trace> trace, const QString& what_to_do);
  [[nodiscard]] TimelineView& view() { return *view_; }
  [[nodiscard]] QLineEdit& search() { return *search_; }

  void paint_picture(QPainter& painter, const QSize& size) override;
  [[nodiscard]] QSize picture_size() const override;
  [[nodiscard]] TableData table() const override;
  [[nodiscard]] QString answer_text() const override;

 private:
  void update_table();
  void update_legend();
  QWidget* build_tools();

  std::shared_ptr<const Trace> trace_;
  QStackedLayout* stack_;
  Notice* empty_;
  TimelineView* view_;
  QComboBox* colour_;
  QLineEdit* search_;
  QLabel* legend_;
  QLabel* selection_;
  TableModel* model_;
  QTableView* table_view_;
  QTimer table_timer_;
};

}  // namespace fleetwright::gui
