#pragma once

#include <QDate>
#include <QJsonArray>
#include <QObject>
#include <map>
#include <vector>

#include "gui/models/child_process.hpp"
#include "gui/models/content.hpp"

namespace fleetwright::gui {

/// What may be sold from one day on: `fleetwright export-check` of that day.
struct ExportDay {
  QDate from;
  QJsonArray parts;
};

/// Asks the program what may be sold to a country on every day on which that changes. The first and
/// the last days of rules are looked at; where the answer changes between two of them, the day is
/// found by halving.
class ExportCalendar : public QObject {
  Q_OBJECT

 public:
  explicit ExportCalendar(QObject* parent = nullptr);

  /// Starts anew, whatever is going on.
  void ask(const QString& destination);
  [[nodiscard]] bool asking() const { return asking_; }
  [[nodiscard]] const QString& destination() const { return destination_; }
  [[nodiscard]] const std::vector<ExportDay>& days() const { return days_; }

 signals:
  void progressed(const QString& what);
  /// `failure` is empty where there is an answer.
  void finished(const QString& failure);

 private:
  void take(const ChildOutcome& outcome);
  void take_rules(const QByteArray& output);
  void go_on();
  void end(const QString& failure);

  ChildProcess child_;
  QString destination_;
  bool asking_ = false;
  bool again_ = false;
  QDate asked_;  // the day that the child is asked for; none while it lists rules
  std::vector<QDate> wanted_;
  std::map<QDate, QJsonArray> known_;
  std::vector<ExportDay> days_;
};

/// The calendar as a table: a row a part, a column a day on which something changes, in colour and
/// in words. Parts of `own` come first.
[[nodiscard]] TableData calendar_table(const std::vector<ExportDay>& days, const QStringList& own);

}  // namespace fleetwright::gui
