#include "gui/scenario_form.hpp"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "gui/elided_label.hpp"
#include "gui/models/registry_lists.hpp"
#include "gui/theme.hpp"

namespace fleetwright::gui {
namespace {

// Claims are text about the scenario; there are dozens, and they are edited as text.
bool has_field(const Setting& setting) { return !setting.path.startsWith("claim["); }

QString shown_value(const QString& toml) {
  if (toml.size() >= 2 && toml.startsWith('"') && toml.endsWith('"')) {
    return toml.mid(1, toml.size() - 2).replace("\\\"", "\"").replace("\\\\", "\\");
  }
  return toml;
}

bool same_paths(const std::vector<Setting>& a, const std::vector<Setting>& b) {
  return std::ranges::equal(a, b, {}, &Setting::path, &Setting::path);
}

}  // namespace

QString toml_of(const QString& typed, const QString& before) {
  bool number = false;
  (void)QString(typed).remove('_').toDouble(&number);
  const bool bare = number || typed == "true" || typed == "false" || typed.startsWith('[');
  if (bare && !before.startsWith('"')) return typed;
  return '"' + QString(typed).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
}

ScenarioForm::ScenarioForm(const RegistryLists& lists, QWidget* parent)
    : QScrollArea(parent), lists_(lists) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setAccessibleName(tr("Settings of the scenario"));
}

QWidget* ScenarioForm::make_field(const Setting& setting) {
  const QString path = setting.path;
  if (setting.value == "true" || setting.value == "false") {
    auto* box = new QCheckBox;
    connect(box, &QCheckBox::toggled, this,
            [this, path](bool on) { emit edited(path, on ? "true" : "false"); });
    return box;
  }
  if (const QStringList choices = lists_.choices(path); !choices.isEmpty()) {
    auto* box = new QComboBox;
    box->addItems(choices);
    box->setMinimumContentsLength(10);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setFocusPolicy(Qt::StrongFocus);  // the wheel scrolls the form, it changes no setting
    connect(box, &QComboBox::textActivated, this,
            [this, path](const QString& text) { emit_change(path, text); });
    return box;
  }
  auto* line = new QLineEdit;
  connect(line, &QLineEdit::editingFinished, this,
          [this, path, line] { emit_change(path, line->text()); });
  return line;
}

void ScenarioForm::emit_change(const QString& path, const QString& shown) {
  const Setting& setting = rows_.at(path).setting;
  if (shown == shown_value(setting.value)) return;
  if (shown.isEmpty()) {
    emit reset(path);
  } else {
    emit edited(path, toml_of(shown, setting.value));
  }
}

void ScenarioForm::fill(Row& row, const Setting& setting) {
  row.setting = setting;
  const QSignalBlocker quiet(row.field);
  const QString value = shown_value(setting.value);
  if (auto* check = qobject_cast<QCheckBox*>(row.field)) check->setChecked(value == "true");
  if (auto* box = qobject_cast<QComboBox*>(row.field)) {
    if (box->findText(value) < 0 && !value.isEmpty()) box->addItem(value);
    box->setCurrentText(value);
  }
  if (auto* line = qobject_cast<QLineEdit*>(row.field)) {
    if (line->text() != value) line->setText(value);
    line->setCursorPosition(0);
    line->setPlaceholderText(setting.value.isEmpty() ? setting.origin : QString());
  }
  QPalette colours;
  if (!setting.written()) {
    const QColor grey = QApplication::palette().color(QPalette::PlaceholderText);
    for (const auto role : {QPalette::Text, QPalette::ButtonText, QPalette::WindowText}) {
      colours.setColor(role, grey);
    }
  }
  row.field->setPalette(colours);
  row.field->setToolTip(tr("%1, from: %2").arg(setting.path, setting.origin));
  row.origin->setText(setting.written() || setting.value.isEmpty() ? QString() : setting.origin);
  row.origin->setToolTip(setting.origin);
  // A value that is written has the whole line.
  row.origin->setVisible(!row.origin->text().isEmpty());
  row.reset->setVisible(setting.written());
}

void ScenarioForm::show_settings(const std::vector<Setting>& settings) {
  if (same_paths(settings, settings_) && !rows_.empty()) {
    settings_ = settings;
    for (const Setting& s : settings_) {
      if (const auto row = rows_.find(s.path); row != rows_.end()) fill(row->second, s);
    }
    return;
  }
  settings_ = settings;
  rebuild();
}

void ScenarioForm::rebuild() {
  rows_.clear();
  auto* inside = new QWidget;
  auto* column = new QVBoxLayout(inside);
  std::map<QString, QFormLayout*> groups;
  int label_width = 0;
  for (const Setting& s : settings_) {
    if (has_field(s)) label_width = std::max(label_width, fontMetrics().horizontalAdvance(s.key()));
  }
  for (const Setting& setting : settings_) {
    if (!has_field(setting)) continue;
    const QString table = setting.table();
    QFormLayout*& form = groups[table];
    if (form == nullptr) {
      auto* group = new QGroupBox(table.isEmpty() ? tr("scenario") : table, inside);
      form = new QFormLayout(group);
      form->setVerticalSpacing(3);
      form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
      column->addWidget(group);
    }
    Row row;
    row.field = make_field(setting);
    row.field->setAccessibleName(setting.path);
    row.origin = new ElidedLabel;
    row.origin->setEnabled(false);
    row.reset = new QToolButton;
    QSizePolicy keeps_room = row.reset->sizePolicy();
    keeps_room.setRetainSizeWhenHidden(true);
    row.reset->setSizePolicy(keeps_room);
    row.reset->setText(QStringLiteral("×"));
    row.reset->setAutoRaise(true);
    row.reset->setToolTip(tr("Take this line out: the default again"));
    row.reset->setAccessibleName(tr("Default of %1").arg(setting.path));
    connect(row.reset, &QToolButton::clicked, this,
            [this, path = setting.path] { emit reset(path); });
    auto* line = new QHBoxLayout;
    row.field->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    line->addWidget(row.field, 1);
    line->addWidget(row.origin, 1);
    line->addWidget(row.reset);
    auto* label = new QLabel(setting.key());
    label->setBuddy(row.field);
    label->setMinimumWidth(label_width);
    form->addRow(label, line);
    fill(row, setting);
    rows_[setting.path] = row;
  }
  column->addStretch(1);
  const int scrolled = verticalScrollBar() != nullptr ? verticalScrollBar()->value() : 0;
  setWidget(inside);
  verticalScrollBar()->setValue(scrolled);
}

QWidget* ScenarioForm::field(const QString& path) const {
  const auto row = rows_.find(path);
  return row == rows_.end() ? nullptr : row->second.field;
}

void ScenarioForm::clear_errors() {
  for (auto& [path, row] : rows_) {
    row.origin->setEnabled(false);
    fill(row, row.setting);
  }
}

void ScenarioForm::show_error(const QString& path, const QString& text) {
  const auto found = rows_.find(path);
  if (found == rows_.end()) return;
  Row& row = found->second;
  QPalette colours;
  for (const auto role : {QPalette::Text, QPalette::ButtonText, QPalette::WindowText}) {
    colours.setColor(role, error_colour());
  }
  row.field->setPalette(colours);
  row.field->setToolTip(text);
  ensureWidgetVisible(row.field);
  row.origin->setEnabled(true);
  row.origin->setText(text);
  row.origin->setToolTip(text);
  row.origin->show();
}

}  // namespace fleetwright::gui
