#include "gui/scenario_page.hpp"

#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QPainter>
#include <QPlainTextDocumentLayout>
#include <QSaveFile>
#include <QTextDocument>
#include <QVBoxLayout>
#include <algorithm>

#include "gui/code_editor.hpp"
#include "gui/kept_splitter.hpp"
#include "gui/models/toml_text.hpp"
#include "gui/scenario_form.hpp"
#include "gui/theme.hpp"
#include "gui/toml_highlighter.hpp"

namespace fleetwright::gui {
namespace {

constexpr int draft_delay_ms = 400;
constexpr int highest_list = 110;  // of messages, in pixels; more are scrolled

}  // namespace

ScenarioPage::ScenarioPage(const QString& draft_folder, QWidget* parent)
    : Page(parent), drafts_(draft_folder) {
  setObjectName(tr("Scenario"));
  setAccessibleName(tr("Scenario"));
  auto* column = new QVBoxLayout(this);
  verdict_ = new QLabel(this);
  verdict_->setWordWrap(true);
  column->addWidget(verdict_);
  auto* splitter = new KeptSplitter(Qt::Horizontal, this);
  editor_ = new CodeEditor(splitter);
  editor_->setAccessibleName(tr("Text of the scenario"));
  editor_->setPlaceholderText(tr("Open a scenario from the list on the left, or with Ctrl+O."));
  splitter->addWidget(build_form_side());
  splitter->setStretchFactor(0, 1);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({500, 500});
  column->addWidget(splitter, 1);
  message_list_ = new QListWidget(this);
  message_list_->setWordWrap(true);
  message_list_->setAccessibleName(tr("What is wrong with the scenario"));
  message_list_->hide();
  column->addWidget(message_list_);

  draft_timer_.setSingleShot(true);
  draft_timer_.setInterval(draft_delay_ms);
  connect(&draft_timer_, &QTimer::timeout, this, &ScenarioPage::keep_drafts);
  connect(&check_, &ScenarioCheck::checked, this, &ScenarioPage::take_check);
  connect(editor_, &QPlainTextEdit::textChanged, this, &ScenarioPage::text_changed);
  connect(message_list_, &QListWidget::itemActivated, this, [this](QListWidgetItem* item) {
    const auto row = static_cast<std::size_t>(message_list_->row(item));
    if (row < messages_.size()) editor_->go_to(messages_[row].line, messages_[row].column);
    editor_->setFocus();
  });
  show_messages({});
  connect(form_, &ScenarioForm::edited, this, [this](const QString& path, const QString& value) {
    const TextEdit edit = set_value(text(), path, value);
    change_text(edit.position, edit.length, edit.text);
  });
  connect(form_, &ScenarioForm::reset, this, [this](const QString& path) {
    if (const auto edit = remove_value(text(), path)) {
      change_text(edit->position, edit->length, edit->text);
    } else {
      show_messages(messages_);  // and the default, where it was wiped out
    }
  });
}

// The form, and below it what may be written into the field that the keyboard is in.
QWidget* ScenarioPage::build_form_side() {
  auto* side = new QWidget;
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  form_ = new ScenarioForm;
  column->addWidget(form_, 1);
  about_field_ = new QLabel(side);
  about_field_->setTextFormat(Qt::PlainText);
  about_field_->setWordWrap(true);
  about_field_->setMinimumHeight(2 * fontMetrics().lineSpacing() + 4);
  about_field_->setAccessibleName(tr("What the field may hold"));
  column->addWidget(about_field_);
  connect(form_, &ScenarioForm::met, about_field_, &QLabel::setText);
  return side;
}

QTextDocument* ScenarioPage::make_document(const QString& text) {
  auto* document = new QTextDocument(this);
  document->setDocumentLayout(new QPlainTextDocumentLayout(document));
  document->setDefaultFont(editor_->font());
  document->setPlainText(text);
  document->setModified(false);
  new TomlHighlighter(document);
  connect(document, &QTextDocument::modificationChanged, this, &ScenarioPage::modified_changed);
  connect(document, &QTextDocument::undoAvailable, this, &ScenarioPage::tell_history);
  connect(document, &QTextDocument::redoAvailable, this, &ScenarioPage::tell_history);
  return document;
}

bool ScenarioPage::open(const QString& name, QString& error) {
  const QString file = QFileInfo(name).absoluteFilePath();
  bool restored = false;
  if (!documents_.contains(file)) {
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly)) {
      error = tr("%1 cannot be opened: %2").arg(name, source.errorString());
      return false;
    }
    const QString saved = QString::fromUtf8(source.readAll());
    documents_[file] = make_document(saved);
    if (const auto draft = drafts_.find(file); draft && draft->text != saved) {
      // As an edit, so that undo leads back to what was saved.
      QTextCursor cursor(documents_[file]);
      cursor.select(QTextCursor::Document);
      cursor.insertText(draft->text);
      restored = true;
    }
  }
  keep_drafts();
  file_ = file;
  editor_->setDocument(documents_[file]);
  editor_->show_messages({});
  text_changed();
  emit opened(file);
  emit modified_changed(modified());
  tell_history();
  if (restored) emit draft_restored(file);
  return true;
}

void ScenarioPage::undo() { editor_->undo(); }

void ScenarioPage::redo() { editor_->redo(); }

void ScenarioPage::tell_history() {
  const QTextDocument* document = editor_->document();
  emit history_changed(document->isUndoAvailable(), document->isRedoAvailable());
}

QString ScenarioPage::text() const { return editor_->toPlainText(); }

bool ScenarioPage::modified() const {
  return !file_.isEmpty() && editor_->document()->isModified();
}

QString ScenarioPage::problem() const { return messages_.empty() ? QString() : messages_[0].text; }

bool ScenarioPage::save_as(const QString& name, QString& error) {
  const QString file = QFileInfo(name).absoluteFilePath();
  QSaveFile target(file);
  const QByteArray bytes = text().toUtf8();
  if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size() ||
      !target.commit()) {
    error = tr("%1 cannot be saved: %2").arg(name, target.errorString());
    return false;
  }
  drafts_.forget(file_);
  if (file != file_) {
    documents_[file] = documents_[file_];
    documents_.erase(file_);
    file_ = file;
    emit opened(file);
  }
  editor_->document()->setModified(false);
  drafts_.forget(file_);
  return true;
}

bool ScenarioPage::save(QString& error) { return save_as(file_, error); }

QStringList ScenarioPage::changed_files() const {
  QStringList files;
  for (const Draft& draft : drafts_.all()) files << draft.origin;
  return files;
}

void ScenarioPage::keep_drafts() {
  draft_timer_.stop();
  if (file_.isEmpty()) return;
  if (modified()) {
    drafts_.keep({file_, text()});
  } else {
    drafts_.forget(file_);
  }
}

void ScenarioPage::text_changed() {
  draft_timer_.start();
  if (!file_.isEmpty()) check_.request(file_, text());
}

void ScenarioPage::change_text(qsizetype position, qsizetype length, const QString& text) {
  QTextCursor cursor(editor_->document());
  cursor.setPosition(static_cast<int>(position));
  cursor.setPosition(static_cast<int>(position + length), QTextCursor::KeepAnchor);
  cursor.insertText(text);
  editor_->setTextCursor(cursor);
}

void ScenarioPage::set_values(const std::vector<std::pair<QString, QString>>& settings) {
  QTextCursor cursor(editor_->document());
  cursor.beginEditBlock();
  for (const auto& [path, value] : settings) {
    const TextEdit edit = set_value(text(), path, value);
    cursor.setPosition(static_cast<int>(edit.position));
    cursor.setPosition(static_cast<int>(edit.position + edit.length), QTextCursor::KeepAnchor);
    cursor.insertText(edit.text);
  }
  cursor.endEditBlock();
}

void ScenarioPage::take_check(const std::vector<Setting>& settings,
                              const std::vector<ProgramMessage>& messages) {
  if (!settings.empty()) {
    settings_ = settings;
    form_->show_settings(settings_);
  }
  show_messages(messages);
  emit checked(messages.empty());
}

void ScenarioPage::show_messages(const std::vector<ProgramMessage>& messages) {
  messages_ = messages;
  editor_->show_messages(messages);
  form_->clear_errors();
  if (!messages.empty()) form_->show_written(values_in(text()));
  message_list_->clear();
  for (const ProgramMessage& message : messages) {
    const QString place = message.line > 0 ? tr("line %1: ").arg(message.line) : QString();
    const QString help = message.help.isEmpty() ? QString() : tr("\nHelp: %1").arg(message.help);
    auto* item = new QListWidgetItem(place + message.text + help, message_list_);
    item->setForeground(error_colour());
    const QString path = path_at(text(), message.line, message.column);
    if (!path.isEmpty()) form_->show_error(path, message.text);
  }
  message_list_->setVisible(!messages.empty());
  int height = 2 * message_list_->frameWidth();
  for (int i = 0; i < message_list_->count(); ++i) height += message_list_->sizeHintForRow(i);
  message_list_->setFixedHeight(std::min(height, highest_list));
  if (file_.isEmpty()) {
    verdict_->setText(tr("No scenario is open."));
  } else if (messages.empty()) {
    verdict_->setText(tr("The program understands this scenario. Press F5 to run it."));
  } else {
    const QString count =
        messages.size() == 1 ? tr("One problem") : tr("%1 problems").arg(messages.size());
    verdict_->setText(tr("<span style=\"color:%1\"><b>%2</b></span>, told below; Enter goes to the "
                         "line. Defaults in the form are those of the last text that was right.")
                          .arg(error_colour().name(), count));
  }
}

void ScenarioPage::paint_picture(QPainter& painter, const QSize& /*size*/) { render(&painter); }

TableData ScenarioPage::table() const {
  TableData table{{tr("Setting"), tr("Value"), tr("Origin")}, {}};
  for (const Setting& s : settings_) {
    table.rows.push_back({cell(s.path), cell(s.value), cell(s.origin)});
  }
  return table;
}

void ScenarioPage::restyle() {
  for (const auto& [file, document] : documents_) {
    for (auto* highlighter : document->findChildren<TomlHighlighter*>()) highlighter->rehighlight();
  }
  form_->rebuild();
  show_messages(messages_);
}

}  // namespace fleetwright::gui
