#include "gui/chart_page.hpp"

#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QGridLayout>
#include <QLabel>
#include <QScatterSeries>
#include <QSortFilterProxyModel>
#include <QStackedLayout>
#include <QTextDocumentFragment>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>

#include "gui/chart_builder.hpp"
#include "gui/diagram_view.hpp"
#include "gui/fitted_table.hpp"
#include "gui/kept_splitter.hpp"
#include "gui/notice.hpp"

namespace fleetwright::gui {
namespace {

void replace_chart(QChartView& view, std::unique_ptr<QChart> chart) {
  QChart* old = view.chart();
  view.setChart(chart.release());
  delete old;  // setChart leaves it behind
}

}  // namespace

QString plain_text(const QString& html) {
  return QTextDocumentFragment::fromHtml(html).toPlainText();
}

ChartPage::ChartPage(const QString& name, QWidget* parent) : Page(parent) {
  setObjectName(name);
  setAccessibleName(name);
  model_ = new TableModel(this);
  sorted_ = new QSortFilterProxyModel(this);
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(Qt::UserRole);

  auto* full = new QWidget(this);
  auto* column = new QVBoxLayout(full);
  head_ = new QVBoxLayout;
  column->addLayout(head_);
  answer_ = new QLabel(full);
  answer_->setWordWrap(true);
  answer_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  answer_->setAccessibleName(tr("Answer"));
  column->addWidget(answer_);
  splitter_ = new KeptSplitter(Qt::Vertical, full);
  column->addWidget(splitter_, 1);

  chart_area_ = new QWidget(splitter_);
  chart_grid_ = new QGridLayout(chart_area_);
  chart_grid_->setContentsMargins(0, 0, 0, 0);
  chart_grid_->setSpacing(6);
  diagram_ = new DiagramView(chart_area_);

  table_view_ = new FittedTable(splitter_);
  table_view_->setModel(sorted_);
  connect(table_view_, &FittedTable::row_chosen, this,
          [this](const QModelIndex& index) { emit row_chosen(sorted_->mapToSource(index).row()); });
  connect(table_view_, &FittedTable::row_met, this, &ChartPage::tell_row);
  table_view_->setAccessibleName(tr("%1, table").arg(name));
  splitter_->setStretchFactor(0, 3);
  splitter_->setStretchFactor(1, 2);
  row_told_ = new QLabel(full);
  row_told_->setTextFormat(Qt::PlainText);
  row_told_->setWordWrap(true);
  row_told_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  row_told_->setAccessibleName(tr("The selected row in full"));
  row_told_->hide();
  column->addWidget(row_told_);
  answer_->setFocusPolicy(Qt::StrongFocus);

  empty_ = new Notice(this);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  always_shown_ = new QVBoxLayout;
  always_shown_->setContentsMargins(9, 0, 9, 0);
  outer->addLayout(always_shown_);
  stack_ = new QStackedLayout;
  outer->addLayout(stack_, 1);
  stack_->addWidget(full);
  stack_->addWidget(empty_);
  stack_->setCurrentIndex(1);
}

ChartPage::~ChartPage() = default;

void ChartPage::show_empty(const QString& what_to_do) {
  content_ = {};
  model_->set({});
  empty_->say(what_to_do);
  stack_->setCurrentIndex(1);
}

void ChartPage::show_content(PageContent content) {
  content_ = std::move(content);
  answer_->setText(content_.answer);
  model_->set(content_.table);
  sorted_->sort(-1);
  tell_row({});
  table_view_->fit_anew();
  table_view_->setVisible(!content_.table.rows.empty());
  rebuild_charts();
  if (!splitter_->moved()) {
    // Parts of a whole.
    const bool drawing_alone = content_.diagram && content_.charts.empty();
    const int share = drawing_alone ? 340 : content_.charts.size() > 2 ? 700 : 580;
    splitter_->setSizes({share, 1000 - share});
  }
  stack_->setCurrentIndex(0);
}

void ChartPage::rebuild_charts() {
  while (views_.size() > content_.charts.size()) {
    delete views_.back();
    views_.pop_back();
  }
  for (std::size_t i = 0; i < content_.charts.size(); ++i) {
    if (i == views_.size()) {
      auto* view = new QChartView(chart_area_);
      view->setRenderHint(QPainter::Antialiasing);
      view->setFrameShape(QFrame::NoFrame);
      view->setFocusPolicy(Qt::NoFocus);  // the table says the same, and keys do something there
      view->setMinimumSize(220, 140);
      views_.push_back(view);
    }
    replace_chart(*views_[i], build_chart(content_.charts[i]));
    views_[i]->chart()->layout()->setContentsMargins(0, 0, 0, 0);
    views_[i]->setBackgroundBrush(palette().base());
    views_[i]->setAccessibleName(content_.charts[i].title);
  }
  diagram_->set(content_.diagram.value_or(DiagramData{}));
  lay_out_charts();
  if (!views_.empty()) connect_points(*views_[0]);
}

// Beside each other; of three, the second and third above each other.
void ChartPage::lay_out_charts() {
  std::vector<QWidget*> widgets;
  if (content_.diagram) widgets.push_back(diagram_);
  widgets.insert(widgets.end(), views_.begin(), views_.end());
  for (QWidget* widget : widgets) chart_grid_->removeWidget(widget);
  const bool stacked = widgets.size() > 2;
  for (std::size_t i = 0; i < widgets.size(); ++i) {
    const int column = stacked ? std::min<int>(static_cast<int>(i), 1) : static_cast<int>(i);
    const int row = stacked && i > 0 ? static_cast<int>(i) - 1 : 0;
    chart_grid_->addWidget(widgets[i], row, column, stacked && i == 0 ? -1 : 1, 1);
  }
  for (int i = 0; i < 2; ++i) {
    chart_grid_->setColumnStretch(i, static_cast<std::size_t>(i) < widgets.size() ? 1 : 0);
    // The last of three has the most bars.
    chart_grid_->setRowStretch(i, i == 0 ? 4 : stacked ? 5 : 0);
  }
  diagram_->setVisible(content_.diagram.has_value());
  chart_area_->setVisible(!widgets.empty());
}

void ChartPage::connect_points(QChartView& view) {
  for (QAbstractSeries* series : view.chart()->series()) {
    auto* points = qobject_cast<QScatterSeries*>(series);
    if (points == nullptr) continue;
    connect(points, &QScatterSeries::clicked, this, [this, points](const QPointF& at) {
      const auto row = points->points().indexOf(at);
      if (row < 0) return;
      select_row(static_cast<int>(row));
      emit row_chosen(static_cast<int>(row));
    });
    connect(points, &QScatterSeries::hovered, &view,
            [this, points, &view](const QPointF& at, bool in) {
              const auto row = points->points().indexOf(at);
              if (in && row >= 0) {
                QToolTip::showText(QCursor::pos(), row_in_words(static_cast<int>(row)).join("\n"),
                                   &view);
              } else {
                QToolTip::hideText();
              }
            });
  }
}

void ChartPage::select_row(int row) {
  const QModelIndex index = sorted_->mapFromSource(model_->index(row, 0));
  table_view_->selectRow(index.row());
  table_view_->scrollTo(index, QAbstractItemView::PositionAtCenter);
}

// What does not fit into the columns stands below the table, once its row is selected.
void ChartPage::tell_row(const QModelIndex& index) {
  const bool cut = index.isValid() && table_view_->is_cut(index.row());
  if (cut) row_told_->setText(row_in_words(sorted_->mapToSource(index).row()).join("; "));
  row_told_->setVisible(cut);
}

void ChartPage::put_before_page(std::initializer_list<QWidget*> controls) {
  before_page_.assign(controls.begin(), controls.end());
}

// Not sooner: a move into another window sorts the widgets anew.
void ChartPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  QWidget* last = nullptr;
  for (QWidget* control : before_page_) {
    if (last != nullptr) setTabOrder(last, control);
    last = control;
  }
  if (last != nullptr) setTabOrder(last, answer_);
  setTabOrder(answer_, table_view_);
}

// What the cells of a row say, each after its column.
QStringList ChartPage::row_in_words(int row) const {
  QStringList said;
  const auto& cells = content_.table.rows[static_cast<std::size_t>(row)];
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (cells[c].text.isEmpty()) continue;
    said << content_.table.columns[static_cast<qsizetype>(c)] + ": " + cells[c].text;
  }
  return said;
}

int ChartPage::selected_row() const {
  const QModelIndex index = sorted_->mapToSource(table_view_->currentIndex());
  return index.isValid() ? index.row() : -1;
}

QString ChartPage::answer_text() const { return plain_text(content_.answer); }

bool ChartPage::has_drawing() const { return content_.diagram || !views_.empty(); }

// A calendar of colours is its own picture.
QSize ChartPage::picture_size() const {
  return has_drawing() ? chart_area_->size() : table_view_->full_size();
}

void ChartPage::paint_picture(QPainter& painter, const QSize& size) {
  painter.fillRect(QRect(QPoint(0, 0), size), palette().base());
  if (!has_drawing()) {
    table_view_->paint_all(painter);
    return;
  }
  const double across = static_cast<double>(size.width()) / std::max(1, chart_area_->width());
  const double down = static_cast<double>(size.height()) / std::max(1, chart_area_->height());
  const auto place = [&](const QWidget& widget) {
    const QRect at = widget.geometry();
    return QRectF(at.x() * across, at.y() * down, at.width() * across, at.height() * down);
  };
  if (content_.diagram) paint_diagram(painter, place(*diagram_), *content_.diagram, palette());
  for (QChartView* view : views_) {
    view->render(&painter, place(*view), view->viewport()->rect(), Qt::KeepAspectRatio);
  }
}

void ChartPage::restyle() {
  if (!content_.empty()) rebuild_charts();
}

}  // namespace fleetwright::gui
