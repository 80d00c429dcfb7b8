#include "gui/fitted_table.hpp"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "gui/models/table_model.hpp"
#include "gui/tone_delegate.hpp"

namespace fleetwright::gui {
namespace {

// Columns are no wider than this unless there is room left; long sources are read in the tool tip.
constexpr int widest_column = 420;
constexpr int narrowest_name = 150;  // of a row, in the first column
constexpr int narrowest_text = 80;
constexpr int margin = 8;

int sum_of(const std::vector<int>& widths) {
  return std::accumulate(widths.begin(), widths.end(), 0);
}

}  // namespace

FittedTable::FittedTable(QWidget* parent) : QTableView(parent) {
  setSortingEnabled(true);
  sortByColumn(-1, Qt::AscendingOrder);
  setAlternatingRowColors(true);
  setSelectionBehavior(SelectRows);
  setEditTriggers(NoEditTriggers);
  setTabKeyNavigation(false);
  setShowGrid(false);
  setWordWrap(false);
  setItemDelegate(new ToneDelegate(this));
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  horizontalHeader()->setHighlightSections(false);
  connect(horizontalHeader(), &QHeaderView::sectionResized, this,
          [this] { sized_by_hand_ = sized_by_hand_ || !fitting_; });
  connect(this, &QTableView::doubleClicked, this, &FittedTable::row_chosen);
}

void FittedTable::fit_anew() {
  horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
  sized_by_hand_ = false;
  fit();
}

void FittedTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  if (!sized_by_hand_) fit();
}

void FittedTable::keyPressEvent(QKeyEvent* event) {
  const int key = event->key();
  const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
  const bool order =
      event->modifiers() == Qt::AltModifier && (key == Qt::Key_Down || key == Qt::Key_Up);
  if (enter && currentIndex().isValid()) {
    emit row_chosen(currentIndex());
  } else if (order && currentIndex().isValid()) {
    sortByColumn(currentIndex().column(),
                 key == Qt::Key_Down ? Qt::AscendingOrder : Qt::DescendingOrder);
  } else {
    QTableView::keyPressEvent(event);
  }
}

bool FittedTable::is_cut(int row) const {
  for (int c = 0; c < model()->columnCount(); ++c) {
    const QString text = model()->index(row, c).data().toString();
    if (fontMetrics().horizontalAdvance(text) + margin > columnWidth(c)) return true;
  }
  return false;
}

void FittedTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QTableView::currentChanged(current, previous);
  emit row_met(current);
}

// Texts, but not the few words that a colour stands behind.
bool FittedTable::gives_way(int column) const {
  const QModelIndex first = model()->index(0, column);
  return first.data(Qt::UserRole).typeId() != QMetaType::Double &&
         first.data(tone_role).toInt() == static_cast<int>(Tone::plain);
}

QSize FittedTable::full_size() const {
  return {horizontalHeader()->length(), horizontalHeader()->height() + verticalHeader()->length()};
}

void FittedTable::paint_all(QPainter& painter) const {
  QStyleOptionViewItem option;
  initViewItemOption(&option);
  const int top = horizontalHeader()->height();
  for (int c = 0; c < model()->columnCount(); ++c) {
    const int x = horizontalHeader()->sectionPosition(c);
    const int width = horizontalHeader()->sectionSize(c);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QRect(x + 3, 0, width - 3, top), Qt::AlignVCenter,
                     model()->headerData(c, Qt::Horizontal).toString());
    for (int r = 0; r < model()->rowCount(); ++r) {
      option.rect = QRect(x, top + verticalHeader()->sectionPosition(r), width,
                          verticalHeader()->sectionSize(r));
      itemDelegate()->paint(&painter, option, model()->index(r, c));
    }
  }
}

void FittedTable::fit() {
  const int columns = model() == nullptr ? 0 : model()->columnCount();
  if (columns == 0) return;
  std::vector<int> widths;
  std::vector<int> least;
  for (int c = 0; c < columns; ++c) {
    const int cells = sizeHintForColumn(c) + margin;
    const int title =
        fontMetrics().horizontalAdvance(model()->headerData(c, Qt::Horizontal).toString()) +
        2 * margin;
    // The header's own hint has room for the arrow of the order beside the title.
    const int wanted = std::max(cells, horizontalHeader()->sectionSizeHint(c));
    widths.push_back(std::min(wanted, widest_column));
    const int text = std::max(title, c == 0 ? narrowest_name : narrowest_text);
    const int needed = gives_way(c) ? text : std::max(title, cells);
    least.push_back(std::min(needed, widths.back()));
  }
  const int lacking = sum_of(widths) - viewport()->width();
  const int spare = sum_of(widths) - sum_of(least);
  if (lacking > 0 && spare > 0) {
    const double part = std::min(1.0, static_cast<double>(lacking) / spare);
    for (std::size_t c = 0; c < widths.size(); ++c) {
      widths[c] -= static_cast<int>(std::ceil(part * (widths[c] - least[c])));
    }
  }
  if (lacking < 0 && gives_way(columns - 1)) widths.back() -= lacking;
  fitting_ = true;
  for (int c = 0; c < columns; ++c) setColumnWidth(c, widths[static_cast<std::size_t>(c)]);
  fitting_ = false;
  emit row_met(currentIndex());  // it may be cut now, or no longer
}

}  // namespace fleetwright::gui
