#include "gui/command_page.hpp"

#include <QFontDatabase>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace fleetwright::gui {

CommandPage::CommandPage(const QString& name, const QString& question, const QStringList& arguments,
                         QWidget* parent)
    : Page(parent), question_(question), arguments_(arguments) {
  setObjectName(name);
  setAccessibleName(name);
  auto* column = new QVBoxLayout(this);
  head_ = new QLabel(question, this);
  head_->setWordWrap(true);
  column->addWidget(head_);
  text_ = new QPlainTextEdit(this);
  text_->setReadOnly(true);
  text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  text_->setLineWrapMode(QPlainTextEdit::NoWrap);
  text_->setTabChangesFocus(true);
  text_->setAccessibleName(tr("%1, the program's answer").arg(name));
  empty_ = new QLabel(this);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  empty_->setMargin(48);
  stack_ = new QStackedWidget(this);
  stack_->addWidget(text_);
  stack_->addWidget(empty_);
  column->addWidget(stack_, 1);
  button_ = new QPushButton(tr("Ask the &program"), this);
  column->addWidget(button_, 0, Qt::AlignLeft);
  connect(button_, &QPushButton::clicked, this,
          [this] { child_.running() ? child_.cancel() : ask(); });
  connect(&child_, &ChildProcess::finished, this, &CommandPage::take);
  connect(&child_, &ChildProcess::progressed, this, [this](const Progress& progress) {
    head_->setText(tr("%1 %2: %3 % %4")
                       .arg(question_, progress.stage)
                       .arg(qRound(100 * progress.share))
                       .arg(progress.left));
  });
}

void CommandPage::set_scenario(const QString& file) {
  if (file == scenario_) return;
  scenario_ = file;
  asked_ = false;
  if (isVisible()) ask();
}

void CommandPage::showEvent(QShowEvent* event) {
  Page::showEvent(event);
  if (!asked_) ask();
}

void CommandPage::ask() {
  if (child_.running()) return;
  QStringList arguments;
  for (const QString& argument : arguments_) {
    if (argument == "%1" && scenario_.isEmpty()) {
      say(tr("Open a scenario first: it says what to answer for."));
      return;
    }
    arguments << (argument == "%1" ? scenario_ : argument);
  }
  asked_ = true;
  button_->setText(tr("&Cancel"));
  say(tr("Asking: fleetwright %1").arg(arguments.join(' ')));
  child_.start(fleetwright_program(), arguments);
}

QString CommandPage::answer() const {
  return stack_->currentWidget() == text_ ? text_->toPlainText() : empty_->text();
}

void CommandPage::say(const QString& text) {
  empty_->setText(text);
  stack_->setCurrentWidget(empty_);
}

void CommandPage::take(const ChildOutcome& outcome) {
  head_->setText(question_);
  button_->setText(tr("Ask the &program again"));
  if (outcome.failure.isEmpty()) {
    text_->setPlainText(QString::fromUtf8(outcome.output));
    stack_->setCurrentWidget(text_);
  } else if (outcome.messages.contains(QLatin1String("is not built yet"))) {
    say(tr("This program does not answer this yet: it has no command '%1'.\n\n"
           "Until it has, change the scenario, run it again, and look at the page Compare.")
            .arg(arguments_.first()));
  } else {
    say(outcome.failure + "\n\n" + outcome.messages);
  }
  emit answered();
}

void CommandPage::paint_picture(QPainter& painter, const QSize& /*size*/) {
  text_->render(&painter);
}

}  // namespace fleetwright::gui
