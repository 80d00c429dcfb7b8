#pragma once

#include <QTemporaryDir>
#include <utility>
#include <vector>

#include "gui/chart_page.hpp"
#include "gui/models/child_process.hpp"
#include "gui/models/report.hpp"

class QPushButton;

namespace fleetwright::gui {

/// Strategies that the program found for the scenario; one of them can be put into it.
class PlansPage : public ChartPage {
  Q_OBJECT

 public:
  explicit PlansPage(QWidget* parent = nullptr);

  /// Searches for the scenario of that text, or ends the search that is going on.
  void search(const QString& origin, const QString& text);
  [[nodiscard]] bool searching() const { return child_.running(); }
  /// Forgets plans of another scenario.
  void set_scenario(const QString& file);
  void use(int row);

 signals:
  void search_wanted();
  /// Plans were found, or are forgotten and empty.
  void found(const fleetwright::gui::Report& plans);
  /// Settings to be put into the scenario, as paths and TOML.
  void chosen(const std::vector<std::pair<QString, QString>>& settings);

 private:
  void take(const ChildOutcome& outcome);
  void show_advice();

  QTemporaryDir folder_;
  ChildProcess child_;
  Report plans_;
  QString scenario_;
  QPushButton* search_;
  QPushButton* use_;
};

}  // namespace fleetwright::gui
