#include "gui/models/table_model.hpp"

#include <QStringList>

namespace fleetwright::gui {
namespace {

bool is_number(const Cell& cell) { return cell.order.typeId() == QMetaType::Double; }

QString quoted(QString text) {
  if (!text.contains(',') && !text.contains('"') && !text.contains('\n')) return text;
  return '"' + text.replace('"', "\"\"") + '"';
}

}  // namespace

void TableModel::set(TableData table) {
  beginResetModel();
  table_ = std::move(table);
  endResetModel();
}

bool TableModel::is_numeric(int column) const {
  return !table_.rows.empty() && is_number(table_.rows.front()[static_cast<std::size_t>(column)]);
}

int TableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.rows.size());
}

int TableModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.columns.size());
}

QVariant TableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Cell& cell =
      table_.rows[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
  if (role == Qt::DisplayRole || role == Qt::ToolTipRole) return cell.text;
  if (role == Qt::UserRole) return cell.order;
  if (role == tone_role) return static_cast<int>(cell.tone);
  if (role == Qt::TextAlignmentRole) {
    return QVariant::fromValue((is_number(cell) ? Qt::AlignRight : Qt::AlignLeft) |
                               Qt::AlignVCenter);
  }
  return {};
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::DisplayRole) return table_.columns.value(section);
  if (role == Qt::TextAlignmentRole) {
    return QVariant::fromValue((is_numeric(section) ? Qt::AlignRight : Qt::AlignLeft) |
                               Qt::AlignVCenter);
  }
  return {};
}

QString csv_text(const TableData& table) {
  QString text;
  QStringList fields;
  for (const QString& column : table.columns) fields << quoted(column);
  text += fields.join(',') + '\n';
  for (const auto& row : table.rows) {
    fields.clear();
    for (const Cell& cell : row) {
      fields << (is_number(cell) ? QString::number(cell.order.toDouble(), 'g', 12)
                                 : quoted(cell.text));
    }
    text += fields.join(',') + '\n';
  }
  return text;
}

}  // namespace fleetwright::gui
