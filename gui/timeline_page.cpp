#include "gui/timeline_page.hpp"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>

#include "gui/kept_splitter.hpp"
#include "gui/models/quantity_text.hpp"
#include "gui/notice.hpp"
#include "gui/timeline_view.hpp"

namespace fleetwright::gui {
namespace {

// The table follows the view, but not each frame of a drag.
constexpr int table_delay_ms = 120;

}  // namespace

TimelinePage::TimelinePage(QWidget* parent) : Page(parent) {
  setObjectName(tr("Timeline"));
  setAccessibleName(tr("Timeline"));
  auto* full = new QWidget(this);
  auto* column = new QVBoxLayout(full);
  view_ = new TimelineView(full);
  column->addWidget(build_tools());
  legend_ = new QLabel(full);
  legend_->setWordWrap(true);
  legend_->setAccessibleName(tr("Legend"));
  column->addWidget(legend_);
  auto* splitter = new KeptSplitter(Qt::Vertical, full);
  splitter->addWidget(view_);
  model_ = new TableModel(this);
  table_view_ = new QTableView(splitter);
  table_view_->setModel(model_);
  table_view_->setAlternatingRowColors(true);
  table_view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_view_->setTabKeyNavigation(false);
  table_view_->setShowGrid(false);
  table_view_->verticalHeader()->hide();
  table_view_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  table_view_->setMinimumHeight(5 * (fontMetrics().height() + 9));
  table_view_->setAccessibleName(tr("Time by operation, of what is seen"));
  splitter->setStretchFactor(0, 4);
  splitter->setStretchFactor(1, 1);
  column->addWidget(splitter, 1);
  selection_ =
      new QLabel(tr("Click a span, or press full stop or comma, to read about it. Wheel or "
                    "+ and - zoom, drag or the arrows move, Home shows all."),
                 full);
  selection_->setWordWrap(true);
  selection_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  column->addWidget(selection_);

  empty_ = new Notice(this);
  stack_ = new QStackedLayout(this);
  stack_->addWidget(full);
  stack_->addWidget(empty_);
  stack_->setCurrentIndex(1);

  table_timer_.setSingleShot(true);
  table_timer_.setInterval(table_delay_ms);
  connect(&table_timer_, &QTimer::timeout, this, &TimelinePage::update_table);
  connect(view_, &TimelineView::range_changed, &table_timer_, qOverload<>(&QTimer::start));
  connect(view_, &TimelineView::selection_changed, selection_, &QLabel::setText);
}

QWidget* TimelinePage::build_tools() {
  auto* tools = new QWidget(this);
  auto* row = new QHBoxLayout(tools);
  row->setContentsMargins(0, 0, 0, 0);
  colour_ = new QComboBox(tools);
  colour_->addItems({tr("activity"), tr("operation"), tr("stage"), tr("micro-batch")});
  colour_->setAccessibleName(tr("Colour by"));
  auto* label = new QLabel(tr("&Colour by"), tools);
  label->setBuddy(colour_);
  search_ = new QLineEdit(tools);
  search_->setPlaceholderText(tr("Find an operation, for example dispatch"));
  search_->setAccessibleName(tr("Find an operation"));
  search_->setClearButtonEnabled(true);
  auto* next = new QPushButton(tr("&Next"), tools);
  auto* all = new QPushButton(tr("Show &all"), tools);
  row->addWidget(label);
  row->addWidget(colour_);
  row->addWidget(search_, 1);
  row->addWidget(next);
  row->addWidget(all);
  connect(colour_, &QComboBox::currentIndexChanged, this, [this](int index) {
    view_->set_colour(static_cast<SpanColour>(index));
    update_legend();
  });
  connect(search_, &QLineEdit::textChanged, view_, &TimelineView::set_search);
  const auto find = [this] {
    if (!view_->find_next(false)) selection_->setText(tr("No operation of that name."));
  };
  connect(search_, &QLineEdit::returnPressed, this, find);
  connect(next, &QPushButton::clicked, this, find);
  connect(all, &QPushButton::clicked, view_, &TimelineView::show_all);
  return tools;
}

void TimelinePage::show_trace(std::shared_ptr<const Trace> trace, const QString& what_to_do) {
  trace_ = std::move(trace);
  view_->set_trace(trace_);
  empty_->say(what_to_do);
  stack_->setCurrentIndex(trace_ ? 0 : 1);
  update_legend();
  update_table();
}

void TimelinePage::update_legend() { legend_->setText(view_->legend()); }

void TimelinePage::update_table() {
  TableData table;
  if (trace_) {
    table.columns = {tr("Operation"), tr("Times"), tr("Time of all ranks"), tr("Mean"),
                     tr("Share of what is seen")};
    const double seen = (view_->end() - view_->begin()) * trace_->ranks();
    for (const NameShare& share : time_by_name(*trace_, view_->begin(), view_->end())) {
      const double mean = share.seconds / share.count;
      table.rows.push_back(
          {cell(trace_->names.value(share.name)), cell(QString::number(share.count), share.count),
           cell(seconds_text(share.seconds), share.seconds), cell(seconds_text(mean), mean),
           cell(percent(share.seconds / seen), share.seconds / seen)});
    }
  }
  model_->set(std::move(table));
  table_view_->resizeColumnsToContents();
}

void TimelinePage::paint_picture(QPainter& painter, const QSize& size) {
  view_->paint_into(painter, size);
}

QSize TimelinePage::picture_size() const { return view_->size(); }

QString TimelinePage::answer_text() const {
  if (!trace_) return {};
  return tr("%1 spans of %2 pipeline ranks, from %3 to %4 of the step; colours by %5: %6.")
      .arg(trace_->span_count())
      .arg(trace_->ranks())
      .arg(seconds_text(view_->begin()), seconds_text(view_->end()), colour_->currentText(),
           view_->legend_text());
}

TableData TimelinePage::table() const { return model_->table(); }

}  // namespace fleetwright::gui
