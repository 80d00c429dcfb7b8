#include "gui/scenario_form.hpp"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "gui/elided_label.hpp"
#include "gui/number_field.hpp"
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

// Whether one form does for both: the same fields with the same limits.
bool same_fields(const std::vector<Setting>& a, const std::vector<Setting>& b) {
  return std::ranges::equal(a, b, [](const Setting& one, const Setting& other) {
    return one.path == other.path && one.allowed == other.allowed;
  });
}

}  // namespace

QString toml_of(const QString& typed, const QString& before) {
  bool number = false;
  (void)QString(typed).remove('_').toDouble(&number);
  const bool bare = number || typed == "true" || typed == "false" || typed.startsWith('[');
  if (bare && !before.startsWith('"')) return typed;
  return '"' + QString(typed).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
}

ScenarioForm::ScenarioForm(QWidget* parent) : QScrollArea(parent) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setAccessibleName(tr("Settings of the scenario"));
  connect(qApp, &QApplication::focusChanged, this,
          [this](QWidget* /*before*/, QWidget* now) { tell_met(now); });
  rebuild();
}

void ScenarioForm::make_field(Row& row) {
  const QString path = row.setting.path;
  const AllowedValues& allowed = row.setting.allowed;
  const auto change = [this, path] {
    if (const auto found = rows_.find(path); found != rows_.end()) {
      emit_change(path, found->second.line->text());
    }
  };
  if (allowed.type == "boolean") {
    auto* box = new QCheckBox;
    connect(box, &QCheckBox::toggled, this,
            [this, path](bool on) { emit edited(path, on ? "true" : "false"); });
    row.field = box;
  } else if (!allowed.choices.isEmpty() && allowed.type != "list") {
    auto* box = new QComboBox;
    box->addItems(allowed.choices);
    box->setMinimumContentsLength(10);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setEditable(allowed.type != "choice");
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setFocusPolicy(Qt::StrongFocus);
    connect(box, &QComboBox::textActivated, this,
            [this, path](const QString& text) { emit_change(path, text); });
    row.field = box;
    row.line = box->lineEdit();
    if (row.line != nullptr) connect(row.line, &QLineEdit::editingFinished, this, change);
  } else if (allowed.is_number()) {
    auto* box = new NumberField(allowed);
    connect(box, &NumberField::stepped, this, change);
    connect(box, &QAbstractSpinBox::editingFinished, this, change);
    row.field = box;
    row.line = &box->line();
  } else {
    row.line = new QLineEdit;
    connect(row.line, &QLineEdit::editingFinished, this, change);
    row.field = row.line;
  }
  row.field->setAccessibleName(path);
  row.field->installEventFilter(this);
  if (row.line == nullptr) return;
  connect(row.line, &QLineEdit::textEdited, this, [this, path](const QString& typed) {
    Row& edited_row = rows_.at(path);
    mark(edited_row, edited_row.setting.allowed.complaint(typed));
  });
}

bool ScenarioForm::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Wheel && qobject_cast<QComboBox*>(watched) != nullptr) {
    event->ignore();  // the wheel scrolls the form, it changes no setting
    return true;
  }
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const auto row = std::ranges::find_if(
        rows_, [watched](const auto& entry) { return entry.second.field == watched; });
    const QLineEdit* line = row == rows_.end() ? nullptr : row->second.line;
    const bool of_form =
        line != nullptr && ((key->matches(QKeySequence::Undo) && !line->isUndoAvailable()) ||
                            (key->matches(QKeySequence::Redo) && !line->isRedoAvailable()));
    if (of_form) {
      event->ignore();
      return true;
    }
  }
  return QScrollArea::eventFilter(watched, event);
}

void ScenarioForm::emit_change(const QString& path, const QString& shown) {
  Row& row = rows_.at(path);
  if (row.line != nullptr) {
    const int cursor = row.line->cursorPosition();
    row.line->setText(shown);  // done typing: from here on, undo is the scenario's
    row.line->setCursorPosition(cursor);
  }
  if (shown == row.shown) return;
  const QString before = row.setting.value;
  row.shown = shown;
  if (shown.isEmpty()) {
    emit reset(path);
  } else {
    emit edited(path, toml_of(shown, before));
  }
}

QString ScenarioForm::about(const Setting& setting) {
  const QString allowed = setting.allowed.in_words();
  const QString path = allowed.isEmpty() ? setting.path : setting.path + ": " + allowed;
  return tr("%1\nfrom: %2").arg(path, setting.origin);
}

void ScenarioForm::tell_met(const QWidget* focused) {
  if (focused == nullptr) return;  // another window: it comes back
  for (const auto& [path, row] : rows_) {
    if (row.field == focused || row.line == focused) {
      emit met(about(row.setting));
      return;
    }
  }
  emit met({});
}

void ScenarioForm::show_value(Row& row, const QString& value) {
  row.shown = value;
  const QSignalBlocker quiet(row.field);
  if (auto* check = qobject_cast<QCheckBox*>(row.field)) check->setChecked(value == "true");
  if (auto* box = qobject_cast<QComboBox*>(row.field); box != nullptr && !box->isEditable()) {
    if (box->findText(value) < 0 && !value.isEmpty()) box->addItem(value);
    box->setCurrentText(value);
  }
  if (row.line == nullptr || row.line->text() == value) return;
  if (row.line->hasFocus() && row.line->isModified()) return;  // someone is writing there
  row.line->setText(value);
  row.line->setCursorPosition(0);
}

void ScenarioForm::fill(Row& row, const Setting& setting) {
  row.setting = setting;
  show_value(row, shown_value(setting.value));
  if (row.line != nullptr) {
    row.line->setPlaceholderText(setting.value.isEmpty() ? setting.origin : QString());
  }
  mark(row, row.line != nullptr && row.line->isModified()
                ? setting.allowed.complaint(row.line->text())
                : QString());
}

// In red with the complaint beside it, or as what it is: written, or a default from somewhere.
void ScenarioForm::mark(Row& row, const QString& complaint) {
  const Setting& setting = row.setting;
  const bool wrong = !complaint.isEmpty();
  QPalette colours;
  const QColor grey = QApplication::palette().color(QPalette::PlaceholderText);
  for (const auto role : {QPalette::Text, QPalette::ButtonText, QPalette::WindowText}) {
    if (wrong) colours.setColor(role, error_colour());
    if (!wrong && !setting.written()) colours.setColor(role, grey);
  }
  row.field->setPalette(colours);
  row.field->setToolTip(wrong ? complaint + "\n" + about(setting) : about(setting));
  row.field->setAccessibleDescription(wrong ? complaint : setting.allowed.in_words());
  const QString origin = setting.written() || setting.value.isEmpty() ? QString() : setting.origin;
  row.origin->setText(wrong ? complaint : origin);
  row.origin->setToolTip(wrong ? complaint : setting.origin);
  row.origin->setEnabled(wrong);
  // A value that is written has the whole line.
  row.origin->setVisible(!row.origin->text().isEmpty());
  row.reset->setVisible(wrong || setting.written());
}

void ScenarioForm::show_settings(const std::vector<Setting>& settings) {
  if (same_fields(settings, settings_) && !rows_.empty()) {
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
  const auto met_row =
      std::ranges::find_if(rows_, [](const auto& entry) { return entry.second.field->hasFocus(); });
  const QString met_path = met_row == rows_.end() ? QString() : met_row->first;
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
    Row& row = rows_[setting.path];
    row.setting = setting;
    make_field(row);
    row.origin = new ElidedLabel;
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
    // Numbers are short, and reasons are long.
    const bool is_short = setting.allowed.is_number();
    line->addWidget(row.field, is_short ? 2 : 1);
    line->addWidget(row.origin, is_short ? 3 : 1);
    line->addWidget(row.reset);
    auto* label = new QLabel(setting.key());
    label->setBuddy(row.field);
    label->setMinimumWidth(label_width);
    form->addRow(label, line);
    fill(row, setting);
  }
  if (settings_.empty()) {
    auto* advice =
        new QLabel(tr("As soon as the program can read the scenario, there is a field for "
                      "each setting here."));
    advice->setWordWrap(true);
    advice->setAlignment(Qt::AlignCenter);
    advice->setMargin(24);
    column->addStretch(1);
    column->addWidget(advice);
  }
  column->addStretch(1);
  const int scrolled = verticalScrollBar() != nullptr ? verticalScrollBar()->value() : 0;
  setWidget(inside);
  verticalScrollBar()->setValue(scrolled);
  if (QWidget* again = field(met_path)) again->setFocus();
}

QWidget* ScenarioForm::field(const QString& path) const {
  const auto row = rows_.find(path);
  return row == rows_.end() ? nullptr : row->second.field;
}

void ScenarioForm::clear_errors() {
  for (auto& [path, row] : rows_) fill(row, row.setting);
}

void ScenarioForm::show_written(const std::map<QString, QString>& values) {
  for (auto& [path, row] : rows_) {
    if (const auto found = values.find(path); found != values.end()) {
      show_value(row, shown_value(found->second));
    }
  }
}

void ScenarioForm::show_error(const QString& path, const QString& text) {
  const auto found = rows_.find(path);
  if (found == rows_.end()) return;
  mark(found->second, text);
  ensureWidgetVisible(found->second.field);
}

}  // namespace fleetwright::gui
