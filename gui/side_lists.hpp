#pragma once

#include <QListWidget>

#include "gui/models/run_queue.hpp"

namespace fleetwright::gui {

/// Scenarios to open: recent ones, then those that come with the program, each with its question.
class ScenarioList : public QListWidget {
  Q_OBJECT

 public:
  explicit ScenarioList(QWidget* parent = nullptr);

  /// `changed` have changes that are not saved.
  void fill(const QStringList& recent, const QStringList& changed);
  void mark_open(const QString& file);

 signals:
  void chosen(const QString& file);
};

/// Runs, the latest on top, each with what differs from the one before of that scenario. The
/// current one is shown on the pages; all that are selected are compared.
class RunList : public QListWidget {
  Q_OBJECT

 public:
  explicit RunList(RunQueue& queue, QWidget* parent = nullptr);

  [[nodiscard]] int current_run() const;
  /// Selected runs that are done, the oldest first.
  [[nodiscard]] std::vector<const Run*> selected_runs() const;
  void select_only(int id);

 signals:
  void run_chosen(int id);

 private:
  void write(int id);
  [[nodiscard]] QListWidgetItem* item_of(int id) const;
  [[nodiscard]] QString text_of(const Run& run) const;

  RunQueue& queue_;
};

}  // namespace fleetwright::gui
