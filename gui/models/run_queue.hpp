#pragma once

#include <QObject>
#include <QTemporaryDir>
#include <memory>
#include <vector>

#include "gui/models/child_process.hpp"
#include "gui/models/run.hpp"

namespace fleetwright::gui {

/// Runs scenarios one after the other, with what they cost, and keeps what came of them.
class RunQueue : public QObject {
  Q_OBJECT

 public:
  explicit RunQueue(QObject* parent = nullptr);
  ~RunQueue() override;

  /// Puts a scenario at the end of the queue; its run's number.
  int add(const QString& name, const QString& origin, const QString& text, RunMode mode);
  /// Takes over runs that are done, from an earlier session or a sweep.
  void adopt(std::vector<std::unique_ptr<Run>> runs);
  /// Ends the run that is going on, or takes a waiting one out of the queue.
  void cancel(int id);
  /// Forgets a run that is over; `removing` comes before.
  void remove(int id);

  [[nodiscard]] const std::vector<std::unique_ptr<Run>>& runs() const { return runs_; }
  [[nodiscard]] const Run* find(int id) const;
  [[nodiscard]] Run* find(int id);
  /// The run that is going on; null where none is.
  [[nodiscard]] const Run* current() const { return current_; }
  [[nodiscard]] bool idle() const { return current_ == nullptr; }
  [[nodiscard]] qint64 child_pid() const { return child_.pid(); }

 signals:
  void added(int id);
  void changed(int id);
  void removing(int id);
  void removed(int id);
  void progressed(int id, const fleetwright::gui::Progress& progress);
  /// A run is over, whatever came of it.
  void finished(int id);

 private:
  enum class Stage { none, show, predict, cost, trace };

  void start_next();
  void take(const ChildOutcome& outcome);
  void take_prediction(const ChildOutcome& outcome);
  void take_cost(const ChildOutcome& outcome);
  void read_trace_of_current();
  void end_current(RunState state, const QString& failure = {});

  QTemporaryDir folder_;
  ChildProcess child_;
  std::vector<std::unique_ptr<Run>> runs_;
  Run* current_ = nullptr;
  Stage stage_ = Stage::none;
  bool cancelled_ = false;
  int last_id_ = 0;
};

}  // namespace fleetwright::gui
