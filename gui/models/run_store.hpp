#pragma once

#include <QString>
#include <memory>
#include <vector>

#include "gui/models/run.hpp"

namespace fleetwright::gui {

/// Runs that are done, a file each, so that they are there after a restart. Timelines are too large
/// to be kept; a run without its file's origin can be run again from its text.
class RunStore {
 public:
  /// Files beyond the newest `most` are deleted when one is added.
  explicit RunStore(QString folder, int most = 50);

  /// False, with a sentence in `error`, where it cannot be written.
  bool keep(Run& run, QString& error);
  void forget(const Run& run);
  /// The oldest first, numbered from 1. What is no kept run is left alone.
  [[nodiscard]] std::vector<std::unique_ptr<Run>> load() const;

 private:
  [[nodiscard]] QStringList files() const;

  QString folder_;
  int most_;
};

}  // namespace fleetwright::gui
