#pragma once

#include <QObject>
#include <memory>
#include <vector>

#include "gui/models/child_process.hpp"
#include "gui/models/run.hpp"

namespace fleetwright::gui {

/// Cases of a sweep as runs, of the rows that `store query` gives; those without a report are left
/// out.
[[nodiscard]] std::vector<std::unique_ptr<Run>> runs_of_sweep(const QByteArray& rows);

/// Reads the last sweep of a store, through the program.
class SweepReader : public QObject {
  Q_OBJECT

 public:
  /// Of a sweep of more cases, the first are read: a list of thousands is none to choose from.
  static constexpr int most_cases = 100;

  explicit SweepReader(QObject* parent = nullptr);

  void read(const QString& file);
  [[nodiscard]] bool reading() const { return child_.running(); }
  /// What was read last; to be taken away.
  [[nodiscard]] std::vector<std::unique_ptr<Run>> take_runs() { return std::move(runs_); }

 signals:
  /// `failure` is empty where there are runs.
  void finished(const QString& file, const QString& failure);

 private:
  ChildProcess child_;
  QString file_;
  std::vector<std::unique_ptr<Run>> runs_;
};

}  // namespace fleetwright::gui
