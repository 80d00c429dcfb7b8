#pragma once

#include "gui/chart_page.hpp"
#include "gui/models/fleet_content.hpp"

class QComboBox;
class QPushButton;

namespace fleetwright::gui {

/// Islands with their placement, and a calendar of what may be sold where. The calendar is asked
/// for when the page is first seen.
class FleetPage : public ChartPage {
  Q_OBJECT

 public:
  explicit FleetPage(QWidget* parent = nullptr);

  /// The run on the pages; null where there is none.
  void show_run(const Run* run);
  /// What a search for plans found; empty forgets it.
  void show_plans(const Report& plans);
  void ask();
  [[nodiscard]] bool asking() const { return calendar_.asking(); }
  [[nodiscard]] QComboBox& destination() { return *destination_; }

 signals:
  void search_wanted();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void refresh();

  ExportCalendar calendar_;
  FleetQuestion question_;
  std::shared_ptr<const Run> run_;
  QString problem_;
  bool asked_ = false;
  QComboBox* destination_;
  QPushButton* search_;
};

}  // namespace fleetwright::gui
