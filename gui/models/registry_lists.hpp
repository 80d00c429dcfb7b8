#pragma once

#include <QMap>
#include <QObject>
#include <QStringList>

#include "gui/models/child_process.hpp"

namespace fleetwright::gui {

/// The names that the program knows, asked of `fleetwright list`: what a setting may be.
class RegistryLists : public QObject {
  Q_OBJECT

 public:
  explicit RegistryLists(QObject* parent = nullptr);

  /// Asks for all lists, one after the other.
  void load();
  /// What the setting at `path` may be; empty where it is free.
  [[nodiscard]] QStringList choices(const QString& path) const;

 signals:
  void loaded();

 private:
  void ask_next();

  ChildProcess child_;
  QStringList open_;
  QMap<QString, QStringList> names_;
};

}  // namespace fleetwright::gui
