#include "gui/main_window.hpp"

#include <QCloseEvent>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include "gui/elided_label.hpp"
#include "gui/fleet_page.hpp"
#include "gui/kept_splitter.hpp"
#include "gui/models/pages.hpp"
#include "gui/models/scenario_library.hpp"
#include "gui/plans_page.hpp"
#include "gui/scenario_page.hpp"
#include "gui/side_lists.hpp"
#include "gui/timeline_page.hpp"
#include "gui/validation_page.hpp"

namespace fleetwright::gui {
namespace {

QSettings settings_in(const QString& folder) {
  return {QDir(folder).filePath("window.ini"), QSettings::IniFormat};
}

QWidget* titled(const QString& title, QWidget* list) {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  auto* label = new QLabel("<b>" + title + "</b>", box);
  label->setBuddy(list);
  label->setMargin(4);
  column->addWidget(label);
  column->addWidget(list, 1);
  return box;
}

}  // namespace

MainWindow::MainWindow(const QString& state_folder, QWidget* parent)
    : QMainWindow(parent),
      state_folder_(state_folder),
      store_(QDir(state_folder).filePath("runs")) {
  setObjectName("window");
  build_pages();
  build_layout();
  build_actions();
  connect_parts();
  restore_state();
  update_title();
  fill_scenarios();
}

// A field that loses the keyboard while it goes still says that it was edited: that must not reach
// a window which is half gone.
MainWindow::~MainWindow() {
  for (QObject* part : findChildren<QObject*>()) part->disconnect(this);
}

void MainWindow::build_pages() {
  scenario_ = new ScenarioPage(QDir(state_folder_).filePath("drafts"));
  summary_ = new ChartPage(tr("Summary"));
  time_ = new ChartPage(tr("Time"));
  timeline_ = new TimelinePage;
  memory_ = new ChartPage(tr("Memory"));
  network_ = new ChartPage(tr("Network"));
  money_ = new ChartPage(tr("Money"));
  fleet_ = new FleetPage;
  plans_ = new PlansPage;
  compare_ = new ChartPage(tr("Compare"));
  validation_ = new ValidationPage;
  sources_ = new ChartPage(tr("Sources"));
  pages_ = {scenario_, summary_, time_,  timeline_, memory_,     network_,
            money_,    fleet_,   plans_, compare_,  validation_, sources_};
}

void MainWindow::build_layout() {
  scenario_list_ = new ScenarioList;
  run_list_ = new RunList(queue_);
  side_ = new KeptSplitter(Qt::Vertical);
  side_->addWidget(titled(tr("Scenarios"), scenario_list_));
  side_->addWidget(titled(tr("Runs"), run_list_));

  navigation_ = new QListWidget;
  navigation_->setAccessibleName(tr("Pages"));
  navigation_->setFrameShape(QFrame::NoFrame);
  navigation_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  stack_ = new QStackedWidget;
  for (Page* page : pages_) {
    auto* item = new QListWidgetItem(page->objectName(), navigation_);
    item->setSizeHint({0, fontMetrics().height() + 14});
    stack_->addWidget(page);
  }
  navigation_->setFixedWidth(fontMetrics().horizontalAdvance("Validation") + 36);

  splitter_ = new KeptSplitter(Qt::Horizontal);
  splitter_->addWidget(side_);
  splitter_->addWidget(navigation_);
  splitter_->addWidget(stack_);
  splitter_->setStretchFactor(2, 1);
  splitter_->setSizes({250, navigation_->width(), 900});
  setCentralWidget(splitter_);
  resize(1280, 800);

  status_ = new ElidedLabel(this);
  status_->setTextFormat(Qt::PlainText);
  progress_ = new QProgressBar(this);
  progress_->setRange(0, 100);
  progress_->setMaximumWidth(220);
  progress_->setAccessibleName(tr("Progress of the run"));
  progress_->hide();
  statusBar()->addWidget(status_, 1);
  statusBar()->addPermanentWidget(progress_);
}

void MainWindow::connect_parts() {
  connect(navigation_, &QListWidget::currentRowChanged, stack_, &QStackedWidget::setCurrentIndex);
  connect(scenario_list_, &ScenarioList::chosen, this, &MainWindow::open);
  connect(run_list_, &RunList::run_chosen, this, &MainWindow::show_run);
  connect(scenario_, &ScenarioPage::modified_changed, this, &MainWindow::update_title);
  connect(scenario_, &ScenarioPage::draft_restored, this, [this] {
    say(tr("Unsaved changes of the last session are back; undo takes them away."));
  });
  connect(scenario_, &ScenarioPage::opened, this, [this](const QString& file) {
    QSettings settings = settings_in(state_folder_);
    settings.setValue("recent", with_recent(file, settings.value("recent").toStringList()));
    settings.sync();
    fill_scenarios();
    scenario_list_->mark_open(file);
    plans_->set_scenario(file);
    update_title();
  });
  const auto search = [this] {
    if (scenario_->file().isEmpty()) {
      say(tr("Open a scenario first."));
    } else {
      plans_->search(scenario_->file(), scenario_->text());
    }
  };
  connect(plans_, &PlansPage::search_wanted, this, search);
  connect(fleet_, &FleetPage::search_wanted, this, [this, search] {
    search();
    if (plans_->searching()) say(tr("Searching for plans; the page Plans shows how far it is."));
  });
  connect(plans_, &PlansPage::found, fleet_, &FleetPage::show_plans);
  connect(plans_, &PlansPage::chosen, this,
          [this](const std::vector<std::pair<QString, QString>>& settings) {
            scenario_->set_values(settings);
            show_page(scenario_->objectName());
            say(tr("The plan's strategy is in the scenario; run it with F5, or undo it."));
          });
  connect(&queue_, &RunQueue::progressed, this, [this](int id, const Progress& progress) {
    const Run* run = queue_.find(id);
    progress_->show();
    progress_->setValue(qRound(100 * progress.share));
    QString text = tr("#%1 %2: %3").arg(id).arg(run->name, progress.stage);
    if (!progress.left.isEmpty()) text += ", " + progress.left;
    say(text);
  });
  connect(&queue_, &RunQueue::changed, this, [this] { cancel_->setEnabled(!queue_.idle()); });
  connect(&queue_, &RunQueue::finished, this, [this](int id) {
    const Run* run = queue_.find(id);
    progress_->setVisible(!queue_.idle());
    cancel_->setEnabled(!queue_.idle());
    if (run->state == RunState::done) {
      say(tr("#%1 %2: done in %3 s").arg(id).arg(run->name).arg(run->seconds, 0, 'f', 1));
    } else {
      say(tr("#%1 %2: %3").arg(id).arg(run->name, run->failure));
    }
    run_list_->select_only(id);
    if (run->state == RunState::done && stack_->currentWidget() == scenario_) {
      show_page(summary_->objectName());
    }
  });
}

void MainWindow::restore_state() {
  QSettings settings = settings_in(state_folder_);
  restoreGeometry(settings.value("geometry").toByteArray());
  splitter_->restoreState(settings.value("splitter").toByteArray());
  side_->restoreState(settings.value("side").toByteArray());
  for (Page* page : pages_) {
    if (auto* inside = page->findChild<KeptSplitter*>()) {
      inside->take_back(settings.value("inside/" + page->objectName()).toByteArray());
    }
  }
  navigation_->setCurrentRow(0);
  show_run(0);
  keep_runs();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  scenario_->keep_drafts();
  QSettings settings = settings_in(state_folder_);
  settings.setValue("geometry", saveGeometry());
  settings.setValue("splitter", splitter_->saveState());
  settings.setValue("side", side_->saveState());
  for (Page* page : pages_) {
    const auto* inside = page->findChild<KeptSplitter*>();
    if (inside != nullptr && !inside->kept().isEmpty()) {
      settings.setValue("inside/" + page->objectName(), inside->kept());
    }
  }
  event->accept();
}

bool MainWindow::open(const QString& file) {
  if (file.endsWith(".sqlite") || file.endsWith(".db")) {
    sweep_.read(file);
    say(tr("Reading %1…").arg(file));
    return true;
  }
  QString error;
  if (scenario_->open(file, error)) return true;
  say(error);
  return false;
}

// Runs of earlier sessions are taken over, and those to come are kept.
void MainWindow::keep_runs() {
  queue_.adopt(store_.load());
  connect(&queue_, &RunQueue::finished, this, [this](int id) {
    Run* run = queue_.find(id);
    QString error;
    if (run->state == RunState::done && !store_.keep(*run, error)) say(error);
  });
  connect(&queue_, &RunQueue::removing, this, [this](int id) { store_.forget(*queue_.find(id)); });
  connect(&sweep_, &SweepReader::finished, this, &MainWindow::adopt_sweep);
}

void MainWindow::adopt_sweep(const QString& file, const QString& failure) {
  if (!failure.isEmpty()) {
    say(tr("%1 cannot be read: %2").arg(file, failure));
    return;
  }
  auto runs = sweep_.take_runs();
  const auto count = static_cast<int>(runs.size());
  queue_.adopt(std::move(runs));
  run_list_->select_only(queue_.runs().back()->id);
  say(count == SweepReader::most_cases
          ? tr("The first %1 cases of the last sweep are among the runs.").arg(count)
          : tr("%1 cases of the last sweep are among the runs; select two to compare.").arg(count));
}

void MainWindow::open_last() {
  const QString file = settings_in(state_folder_).value("recent").toStringList().value(0);
  if (QFileInfo::exists(file)) open(file);
}

void MainWindow::fill_scenarios() {
  scenario_list_->fill(settings_in(state_folder_).value("recent").toStringList(),
                       scenario_->changed_files());
}

int MainWindow::run(RunMode mode) {
  if (scenario_->file().isEmpty()) {
    say(tr("Open a scenario first."));
    return 0;
  }
  const QString file = scenario_->file();
  return queue_.add(QFileInfo(file).completeBaseName(), file, scenario_->text(), mode);
}

void MainWindow::show_page(const QString& name) {
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    if (pages_[i]->objectName() == name) navigation_->setCurrentRow(static_cast<int>(i));
  }
}

Page& MainWindow::current_page() const {
  return *pages_[static_cast<std::size_t>(stack_->currentIndex())];
}

void MainWindow::show_run(int id) {
  shown_run_ = id;
  const Run* run = queue_.find(id);
  QString advice = tr("Nothing to show yet: open a scenario and run it with F5.");
  if (run != nullptr && run->state != RunState::done) {
    advice =
        run->state == RunState::failed
            ? tr("Run #%1 failed. %2\n\nCorrect the scenario and run it again with F5.")
                  .arg(id)
                  .arg(run->failure)
            : tr("Run #%1 has no result. Choose another one, or run the scenario with F5.").arg(id);
  }
  const bool done = run != nullptr && run->state == RunState::done;
  const auto show = [&](ChartPage* page, PageContent (*content)(const Run&)) {
    PageContent shown = done ? content(*run) : PageContent{};
    if (shown.empty()) {
      page->show_empty(done && !shown.answer.isEmpty() ? plain_text(shown.answer) : advice);
    } else {
      page->show_content(std::move(shown));
    }
  };
  show(summary_, summary_content);
  show(time_, time_content);
  show(memory_, memory_content);
  show(network_, network_content);
  show(money_, money_content);
  show(sources_, sources_content);
  fleet_->show_run(done ? run : nullptr);
  timeline_->show_trace(done ? run->trace : nullptr,
                        done ? tr("This run has no timeline. Run it again with F5.") : advice);
  show_comparison();
}

void MainWindow::show_comparison() {
  std::vector<const Run*> runs = run_list_->selected_runs();
  if (runs.size() < 2) {
    // The latest two, unless more are selected.
    runs.clear();
    for (const auto& run : queue_.runs()) {
      if (run->state == RunState::done) runs.push_back(run.get());
    }
    if (runs.size() > 2) runs.erase(runs.begin(), runs.end() - 2);
  }
  if (runs.size() < 2) {
    compare_->show_empty(
        tr("Run two scenarios, or one twice with a change in between. To choose "
           "which are compared, select several in the list of runs."));
  } else {
    compare_->show_content(compare_content(runs));
  }
}

void MainWindow::say(const QString& text) {
  status_->setText(text);
  status_->setToolTip(text);
}

QString MainWindow::status_text() const { return status_->text(); }

void MainWindow::update_title() {
  const QString file = scenario_->file();
  setWindowTitle(file.isEmpty() ? tr("fleetwright")
                                : tr("%1[*] - fleetwright").arg(QFileInfo(file).fileName()));
  setWindowModified(scenario_->modified());
}

void MainWindow::restyle() {
  for (Page* page : pages_) page->restyle();
}

}  // namespace fleetwright::gui
