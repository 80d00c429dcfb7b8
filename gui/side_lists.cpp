#include "gui/side_lists.hpp"

#include <QFileInfo>
#include <QMenu>
#include <algorithm>

#include "gui/models/quantity_text.hpp"
#include "gui/models/scenario_library.hpp"
#include "gui/roomy_delegate.hpp"

namespace fleetwright::gui {
namespace {

constexpr qsizetype longest_difference = 120;

void dress(QListWidget& list) {
  list.setWordWrap(true);
  list.setAlternatingRowColors(true);
  list.setItemDelegate(new RoomyDelegate(&list));
  list.setUniformItemSizes(false);
  list.setTextElideMode(Qt::ElideRight);
  list.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list.setResizeMode(QListView::Adjust);
}

}  // namespace

ScenarioList::ScenarioList(QWidget* parent) : QListWidget(parent) {
  dress(*this);
  setAccessibleName(tr("Scenarios"));
  connect(this, &QListWidget::itemActivated, this,
          [this](QListWidgetItem* item) { emit chosen(item->data(Qt::UserRole).toString()); });
  connect(this, &QListWidget::itemClicked, this,
          [this](QListWidgetItem* item) { emit chosen(item->data(Qt::UserRole).toString()); });
}

void ScenarioList::fill(const QStringList& recent, const QStringList& changed) {
  clear();
  const auto add = [&](const ScenarioEntry& entry) {
    const QString mark = changed.contains(entry.file) ? tr(" (not saved)") : QString();
    auto* item = new QListWidgetItem(entry.name + mark + "\n" + entry.question, this);
    item->setData(Qt::UserRole, entry.file);
    item->setToolTip(entry.file);
  };
  QStringList shown;
  for (const QString& file : recent) {
    if (!QFileInfo::exists(file)) continue;
    add(entry_for(file));
    shown << file;
  }
  for (const ScenarioEntry& entry : shipped_scenarios()) {
    if (!shown.contains(entry.file)) add(entry);
  }
}

void ScenarioList::mark_open(const QString& file) {
  for (int i = 0; i < count(); ++i) {
    if (item(i)->data(Qt::UserRole).toString() == file) setCurrentRow(i);
  }
}

RunList::RunList(RunQueue& queue, QWidget* parent) : QListWidget(parent), queue_(queue) {
  dress(*this);
  setAccessibleName(tr("Runs"));
  setSelectionMode(ExtendedSelection);
  connect(&queue_, &RunQueue::added, this, [this](int id) {
    auto* item = new QListWidgetItem;
    item->setData(Qt::UserRole, id);
    insertItem(0, item);
    write(id);
  });
  connect(&queue_, &RunQueue::changed, this, &RunList::write);
  connect(&queue_, &RunQueue::removed, this, [this](int id) { delete item_of(id); });
  connect(this, &QListWidget::itemSelectionChanged, this, [this] {
    if (const int id = current_run(); id > 0) emit run_chosen(id);
  });
  setContextMenuPolicy(Qt::ActionsContextMenu);
  auto* forget = new QAction(tr("&Forget this run"), this);
  forget->setShortcut(QKeySequence::Delete);
  forget->setShortcutContext(Qt::WidgetShortcut);
  connect(forget, &QAction::triggered, this, [this] {
    if (const int id = current_run(); id > 0) queue_.remove(id);
  });
  addAction(forget);
}

QListWidgetItem* RunList::item_of(int id) const {
  for (int i = 0; i < count(); ++i) {
    if (item(i)->data(Qt::UserRole).toInt() == id) return item(i);
  }
  return nullptr;
}

QString RunList::text_of(const Run& run) const {
  QString text = QStringLiteral("#%1 %2").arg(run.id).arg(run.name);
  switch (run.state) {
    case RunState::queued:
      return text + tr("\nwaiting");
    case RunState::running:
      return text + tr("\nrunning");
    case RunState::failed:
      return text + tr("\nfailed: %1").arg(run.failure);
    case RunState::cancelled:
      return text + tr("\ncancelled");
    case RunState::done:
      break;
  }
  QString step = seconds_text(run.report.number("step.time_s").value_or(0));
  text += QStringLiteral("  ·  ") + step.replace(' ', QChar::Nbsp);
  if (run.of_sweep) {
    QStringList moved;
    for (const Setting& s : run.settings) moved << s.path + " " + QString(s.value).remove('"');
    return text + "\n" + moved.join(", ");
  }
  const Run* before = nullptr;
  for (const auto& other : queue_.runs()) {
    if (other->id < run.id && other->name == run.name && other->state == RunState::done) {
      before = other.get();
    }
  }
  if (before == nullptr) return text + tr("\nfirst of its scenario");
  QString different = differences(*before, run).join(", ");
  if (different.isEmpty()) different = tr("the same settings");
  if (different.size() > longest_difference) different = different.left(longest_difference) + "…";
  return text + tr("\nagainst #%1: %2").arg(before->id).arg(different);
}

void RunList::write(int id) {
  const Run* run = queue_.find(id);
  QListWidgetItem* item = item_of(id);
  if (run == nullptr || item == nullptr) return;
  item->setText(text_of(*run));
  item->setToolTip(item->text());
}

int RunList::current_run() const {
  const QList<QListWidgetItem*> selected = selectedItems();
  if (selected.isEmpty()) return 0;
  const auto* item = selected.contains(currentItem()) ? currentItem() : selected.first();
  return item->data(Qt::UserRole).toInt();
}

std::vector<const Run*> RunList::selected_runs() const {
  std::vector<const Run*> runs;
  for (const QListWidgetItem* item : selectedItems()) {
    const Run* run = queue_.find(item->data(Qt::UserRole).toInt());
    if (run != nullptr && run->state == RunState::done) runs.push_back(run);
  }
  std::ranges::sort(runs, {}, &Run::id);
  return runs;
}

void RunList::select_only(int id) {
  if (QListWidgetItem* item = item_of(id)) {
    setCurrentItem(item, QItemSelectionModel::ClearAndSelect);
  }
}

}  // namespace fleetwright::gui
