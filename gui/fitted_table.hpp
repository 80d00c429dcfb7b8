#pragma once

#include <QTableView>

namespace fleetwright::gui {

/// A table for reading whose columns share out its width: where there is too little, texts give way
/// first (they are read in the tool tip), and nothing has to be scrolled sideways as long as
/// numbers find room. Columns that someone has sized stay. Alt with the arrows up and down orders
/// the rows by the column that the keyboard is in.
class FittedTable : public QTableView {
  Q_OBJECT

 public:
  explicit FittedTable(QWidget* parent = nullptr);

  /// After a change of the model.
  void fit_anew();
  /// Whether there is more in a row of the view than is seen of it.
  [[nodiscard]] bool is_cut(int row) const;
  /// The size of all rows, and all of them drawn, for a picture.
  [[nodiscard]] QSize full_size() const;
  void paint_all(QPainter& painter) const;

 signals:
  /// Enter or a double click on a row of the view.
  void row_chosen(const QModelIndex& index);
  /// The keyboard or the mouse is in another row, or in none.
  void row_met(const QModelIndex& index);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

 private:
  void fit();
  [[nodiscard]] bool gives_way(int column) const;

  bool fitting_ = false;
  bool sized_by_hand_ = false;
};

}  // namespace fleetwright::gui
