#pragma once

#include <QMainWindow>
#include <vector>

#include "gui/models/run_queue.hpp"
#include "gui/models/run_store.hpp"
#include "gui/models/sweep_runs.hpp"

class QLabel;
class QListWidget;
class QProgressBar;
class QSplitter;
class QStackedWidget;

namespace fleetwright::gui {

class ChartPage;
class FleetPage;
class HtmlReport;
enum class HtmlKind;
class Page;
class PlansPage;
class RunList;
class ScenarioList;
class ScenarioPage;
class TimelinePage;
class ValidationPage;

/// The dashboard: scenarios and runs on the left, pages on the right.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  /// Settings and unsaved texts are kept in `state_folder`.
  explicit MainWindow(const QString& state_folder, QWidget* parent = nullptr);
  ~MainWindow() override;

  /// Opens a scenario, or starts to read a sweep's store (*.sqlite) into the list of runs; false,
  /// after a message in the status bar, where that fails.
  bool open(const QString& file);
  /// Opens what was open last, if it is still there.
  void open_last();
  /// Puts the scenario as it is written now into the queue; its run's number, 0 without a scenario.
  int run(RunMode mode);
  void show_page(const QString& name);
  void restyle();
  /// Writes the pages of the run that is shown; false, with a sentence in `error`, where it cannot.
  bool write_pdf_of_run(const QString& file, QString& error);

  [[nodiscard]] RunQueue& queue() { return queue_; }
  [[nodiscard]] ScenarioPage& scenario() { return *scenario_; }
  [[nodiscard]] TimelinePage& timeline() { return *timeline_; }
  [[nodiscard]] ValidationPage& validation() { return *validation_; }
  [[nodiscard]] PlansPage& plans() { return *plans_; }
  [[nodiscard]] FleetPage& fleet() { return *fleet_; }
  [[nodiscard]] bool reading_sweep() const { return sweep_.reading(); }
  [[nodiscard]] RunList& run_list() { return *run_list_; }
  [[nodiscard]] const std::vector<Page*>& pages() const { return pages_; }
  [[nodiscard]] Page& current_page() const;
  [[nodiscard]] QString status_text() const;

 protected:
  void closeEvent(QCloseEvent* event) override;

 private:
  void build_pages();
  void build_layout();
  void build_actions();
  void build_file_menu();
  void build_edit_menu();
  void build_run_menu();
  void build_view_menu();
  void connect_parts();
  void restore_state();
  void show_run(int id);
  void show_comparison();
  void fill_scenarios();
  void say(const QString& text);
  void update_title();
  void export_current(const QString& ending);
  void save();
  void save_as();
  void save_html(HtmlKind kind);
  void keep_runs();
  void adopt_sweep(const QString& file, const QString& failure);
  void save_pdf();
  [[nodiscard]] const Run* shown_run() const;

  QString state_folder_;
  RunQueue queue_;
  RunStore store_;
  SweepReader sweep_;
  ScenarioList* scenario_list_ = nullptr;
  RunList* run_list_ = nullptr;
  QListWidget* navigation_ = nullptr;
  QStackedWidget* stack_ = nullptr;
  QSplitter* splitter_ = nullptr;
  QSplitter* side_ = nullptr;
  ScenarioPage* scenario_ = nullptr;
  ChartPage* summary_ = nullptr;
  ChartPage* time_ = nullptr;
  TimelinePage* timeline_ = nullptr;
  ChartPage* memory_ = nullptr;
  ChartPage* network_ = nullptr;
  ChartPage* money_ = nullptr;
  FleetPage* fleet_ = nullptr;
  PlansPage* plans_ = nullptr;
  ChartPage* compare_ = nullptr;
  ValidationPage* validation_ = nullptr;
  ChartPage* sources_ = nullptr;
  std::vector<Page*> pages_;
  QProgressBar* progress_ = nullptr;
  QLabel* status_ = nullptr;
  QAction* cancel_ = nullptr;
  HtmlReport* html_ = nullptr;
  int shown_run_ = 0;
};

}  // namespace fleetwright::gui
