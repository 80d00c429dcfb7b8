#pragma once

#include <QAbstractTableModel>

#include "gui/models/content.hpp"

namespace fleetwright::gui {

/// What a cell's colour says, as an int.
constexpr int tone_role = Qt::UserRole + 1;

/// A table of a page for Qt's views. Qt::UserRole is what a cell is sorted by.
class TableModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  explicit TableModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

  void set(TableData table);
  [[nodiscard]] const TableData& table() const { return table_; }
  /// Whether a column holds numbers, as its first row tells.
  [[nodiscard]] bool is_numeric(int column) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  TableData table_;
};

/// The table as CSV (RFC 4180): numbers in full, not as they are shown.
[[nodiscard]] QString csv_text(const TableData& table);

}  // namespace fleetwright::gui
