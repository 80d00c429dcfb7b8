#pragma once

#include <QString>
#include <optional>
#include <vector>

namespace fleetwright::gui {

/// A text that was changed and not saved.
struct Draft {
  QString origin;  // the scenario file it belongs to
  QString text;
};

/// Keeps unsaved changes on disk, one file for each scenario, so that a kill loses none.
class DraftStore {
 public:
  explicit DraftStore(QString folder) : folder_(std::move(folder)) {}

  /// Keeps the draft, whole or not at all; false where the disk refuses.
  bool keep(const Draft& draft) const;
  /// What was kept for a scenario file.
  [[nodiscard]] std::optional<Draft> find(const QString& origin) const;
  void forget(const QString& origin) const;
  [[nodiscard]] std::vector<Draft> all() const;

 private:
  [[nodiscard]] QString file_for(const QString& origin) const;

  QString folder_;
};

}  // namespace fleetwright::gui
