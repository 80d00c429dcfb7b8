// The menus of the main window.

#include <QActionGroup>
#include <QApplication>
#include <QFileDialog>
#include <QMenuBar>
#include <QSettings>
#include <QToolBar>

#include "gui/kept_splitter.hpp"
#include "gui/main_window.hpp"
#include "gui/page.hpp"
#include "gui/page_export.hpp"
#include "gui/report_file.hpp"
#include "gui/scenario_page.hpp"
#include "gui/theme.hpp"
#include "gui/validation_page.hpp"

namespace fleetwright::gui {
namespace {

QAction* add(QMenu& menu, const QString& text, const QKeySequence& keys) {
  auto* action = menu.addAction(text);
  action->setShortcut(keys);
  return action;
}

}  // namespace

void MainWindow::build_actions() {
  build_file_menu();
  build_edit_menu();
  build_run_menu();
  build_view_menu();
}

void MainWindow::build_file_menu() {
  QMenu& file = *menuBar()->addMenu(tr("&File"));
  QAction* open_action = add(file, tr("&Open…"), QKeySequence::Open);
  connect(open_action, &QAction::triggered, this, [this] {
    const QString name =
        QFileDialog::getOpenFileName(this, tr("Open a scenario, or what a sweep kept"), {},
                                     tr("Scenarios and sweeps (*.toml *.sqlite)"));
    if (!name.isEmpty()) open(name);
  });
  connect(add(file, tr("&Save"), QKeySequence::Save), &QAction::triggered, this, &MainWindow::save);
  connect(add(file, tr("Save &as…"), QKeySequence::SaveAs), &QAction::triggered, this,
          &MainWindow::save_as);
  file.addSeparator();
  for (const char* ending : {"png", "svg", "csv"}) {
    const QString what = ending == QLatin1String("csv") ? tr("table") : tr("chart");
    QAction* action =
        file.addAction(tr("Export the page's %1 as %2…").arg(what, QString(ending).toUpper()));
    connect(action, &QAction::triggered, this, [this, ending] { export_current(ending); });
  }
  file.addSeparator();
  connect(file.addAction(tr("Report as &HTML…")), &QAction::triggered, this,
          [this] { save_html(HtmlKind::prediction); });
  connect(file.addAction(tr("&Board report on the money as HTML…")), &QAction::triggered, this,
          [this] { save_html(HtmlKind::board); });
  connect(add(file, tr("Report as &PDF…"), QKeySequence::Print), &QAction::triggered, this,
          &MainWindow::save_pdf);
  html_ = new HtmlReport(this);
  connect(html_, &HtmlReport::written, this, [this](const QString& name, const QString& error) {
    say(error.isEmpty() ? tr("Wrote %1").arg(name) : error);
  });
  file.addSeparator();
  connect(file.addAction(tr("&Validate cases…")), &QAction::triggered, this, [this] {
    const QString name =
        QFileDialog::getOpenFileName(this, tr("Published cases"), {}, tr("Case files (*.csv)"));
    if (name.isEmpty()) return;
    show_page(validation_->objectName());
    validation_->validate(name);
  });
  file.addSeparator();
  connect(add(file, tr("&Quit"), QKeySequence::Quit), &QAction::triggered, this, &QWidget::close);
}

// Of the scenario's text, wherever the keyboard is: fields of the form write into it too.
void MainWindow::build_edit_menu() {
  QMenu& menu = *menuBar()->addMenu(tr("&Edit"));
  QAction* undo = add(menu, tr("&Undo the change of the scenario"), QKeySequence::Undo);
  QAction* redo = add(menu, tr("&Redo it"), QKeySequence::Redo);
  // Platforms have one or several keys for each; all of them are taken.
  undo->setShortcuts(QKeySequence::Undo);
  redo->setShortcuts(QKeySequence::Redo);
  undo->setEnabled(false);
  redo->setEnabled(false);
  connect(undo, &QAction::triggered, scenario_, &ScenarioPage::undo);
  connect(redo, &QAction::triggered, scenario_, &ScenarioPage::redo);
  for (QAction* action : {undo, redo}) {
    connect(action, &QAction::triggered, this, [this] { show_page(scenario_->objectName()); });
  }
  connect(scenario_, &ScenarioPage::history_changed, this, [undo, redo](bool back, bool again) {
    undo->setEnabled(back);
    redo->setEnabled(again);
  });
}

void MainWindow::build_run_menu() {
  QMenu& menu = *menuBar()->addMenu(tr("&Run"));
  QAction* simulate = add(menu, tr("&Run"), Qt::Key_F5);
  simulate->setToolTip(tr("Simulate the scenario as it is written now (F5)"));
  QAction* estimate = add(menu, tr("&Closed form only"), Qt::SHIFT | Qt::Key_F5);
  cancel_ = add(menu, tr("&Cancel"), Qt::Key_Escape);
  cancel_->setToolTip(tr("End the run that is going on (Esc)"));
  cancel_->setEnabled(false);
  connect(simulate, &QAction::triggered, this, [this] { run(RunMode::simulate); });
  connect(estimate, &QAction::triggered, this, [this] { run(RunMode::estimate); });
  connect(cancel_, &QAction::triggered, this, [this] {
    if (const Run* current = queue_.current()) queue_.cancel(current->id);
  });
  QToolBar* bar = addToolBar(tr("Run"));
  bar->setObjectName("toolbar");
  bar->setMovable(false);
  bar->addActions({simulate, estimate, cancel_});
}

void MainWindow::build_view_menu() {
  QMenu& menu = *menuBar()->addMenu(tr("&View"));
  int number = 1;
  for (Page* page : pages_) {
    // Ctrl+1 to Ctrl+9, then Ctrl+0 and the two keys after it.
    constexpr Qt::Key keys[] = {Qt::Key_0, Qt::Key_Minus, Qt::Key_Equal};
    const auto key = number <= 9 ? Qt::Key_0 + number : keys[number - 10];
    QAction* action = add(menu, page->objectName(), Qt::CTRL | static_cast<Qt::Key>(key));
    connect(action, &QAction::triggered, this, [this, page] { show_page(page->objectName()); });
    ++number;
  }
  menu.addSeparator();
  QAction* divider = add(menu, tr("&Move a divider by the arrows"), Qt::Key_F8);
  divider->setToolTip(tr("Goes to the next divider; Enter goes back"));
  connect(divider, &QAction::triggered, this, [this] {
    if (focus_next_divider(*this)) {
      say(tr("Arrows move the divider, F8 goes to the next one, Enter goes back."));
    }
  });
  menu.addSeparator();
  auto* themes = new QActionGroup(this);
  const bool dark = is_dark();
  for (const auto& [name, theme] :
       {std::pair{tr("&Light"), Theme::light}, {tr("&Dark"), Theme::dark}}) {
    QAction* action = menu.addAction(name);
    action->setCheckable(true);
    action->setChecked(dark == (theme == Theme::dark));
    themes->addAction(action);
    connect(action, &QAction::triggered, this, [this, chosen = theme] {
      apply_theme(chosen);
      restyle();
      QSettings(state_folder_ + "/window.ini", QSettings::IniFormat)
          .setValue("theme", chosen == Theme::dark ? "dark" : "light");
    });
  }
}

void MainWindow::save() {
  QString error;
  if (scenario_->file().isEmpty()) return;
  say(scenario_->save(error) ? tr("Saved %1").arg(scenario_->file()) : error);
}

void MainWindow::save_as() {
  const QString name = QFileDialog::getSaveFileName(this, tr("Save the scenario"),
                                                    scenario_->file(), tr("Scenarios (*.toml)"));
  QString error;
  if (!name.isEmpty()) say(scenario_->save_as(name, error) ? tr("Saved %1").arg(name) : error);
}

// The run on the pages; null where there is none.
const Run* MainWindow::shown_run() const {
  const Run* run = queue_.find(shown_run_);
  return run != nullptr && run->state == RunState::done ? run : nullptr;
}

void MainWindow::save_html(HtmlKind kind) {
  const Run* run = shown_run();
  if (run == nullptr) {
    say(tr("There is no result to report: run the scenario first, with F5."));
    return;
  }
  const QString ending = kind == HtmlKind::board ? "-board.html" : ".html";
  const QString name =
      QFileDialog::getSaveFileName(this, tr("Report"), run->name + ending, tr("HTML (*.html)"));
  if (!name.isEmpty()) html_->write(*run, name, kind);
}

void MainWindow::save_pdf() {
  const Run* run = shown_run();
  if (run == nullptr) {
    say(tr("There is no result to report: run the scenario first, with F5."));
    return;
  }
  const QString name =
      QFileDialog::getSaveFileName(this, tr("Report"), run->name + ".pdf", tr("PDF (*.pdf)"));
  QString error;
  if (!name.isEmpty()) say(write_pdf_of_run(name, error) ? tr("Wrote %1").arg(name) : error);
}

// On paper, colours are those of the light theme.
bool MainWindow::write_pdf_of_run(const QString& file, QString& error) {
  const Run* run = shown_run();
  if (run == nullptr) return false;
  const bool dark = is_dark();
  if (dark) {
    apply_theme(Theme::light);
    restyle();
  }
  const bool written = write_pdf(tr("%1: a prediction").arg(run->name),
                                 {pages_.begin() + 1, pages_.end()}, file, error);
  if (dark) {
    apply_theme(Theme::dark);
    restyle();
  }
  return written;
}

void MainWindow::export_current(const QString& ending) {
  Page& page = current_page();
  const QString name =
      QFileDialog::getSaveFileName(this, tr("Export %1").arg(page.objectName()),
                                   page.objectName().toLower() + "." + ending, "*." + ending);
  QString error;
  if (!name.isEmpty()) say(export_page(page, name, error) ? tr("Wrote %1").arg(name) : error);
}

}  // namespace fleetwright::gui
